package peers;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of servers, which cannot be asked which one they got. */
final class Ports {
    /** Below what systems give to connections that go out: such a port would soon be taken. */
    private static final int FIRST = 10_000;

    private static final int COUNT = 5_000;

    /** That of {@code 127.0.0.1:2045}, or a free one for no address. */
    static int of(String address) throws IOException {
        if (!address.isEmpty()) {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        }
        int start = ThreadLocalRandom.current().nextInt(COUNT);
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + (start + i) % COUNT;
            if (free(port)) {
                return port;
            }
        }
        throw new BindException("no port is free");
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private Ports() {}
}
