package peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of servers, which cannot be asked which one they got. */
final class Ports {
    /** That of {@code 127.0.0.1:2045}, or a free one for no address. */
    static int of(String address) throws IOException {
        if (!address.isEmpty()) {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        }
        return free();
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Ports() {}
}
