package peers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Map;

/** What a server has received since it was last asked. */
final class Seen {
    /** Requests whose headers are kept. */
    private static final int LAST = 16;

    private final Deque<Map<String, String>> headers = new ArrayDeque<>();
    private int calls;
    private int oneways;
    private int heartbeats;

    synchronized void request(String method, Map<String, String> with) {
        if (method.equals("fire")) {
            oneways++;
        } else {
            calls++;
        }
        headers.addLast(with);
        if (headers.size() > LAST) {
            headers.removeFirst();
        }
    }

    synchronized void heartbeat() {
        heartbeats++;
    }

    synchronized Map<String, Object> take() {
        Map<String, Object> taken =
                Map.of(
                        "calls", calls,
                        "oneways", oneways,
                        "heartbeats", heartbeats,
                        "headers", new ArrayList<>(headers));
        headers.clear();
        calls = oneways = heartbeats = 0;
        return taken;
    }
}
