package peers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** What a server has received since it was last asked. */
final class Seen {
    /** Requests whose headers are kept. */
    private static final int LAST = 16;

    /** Ids that are kept: more than the calls of a load. */
    private static final int LAST_IDS = 4096;

    private final Deque<Map<String, String>> headers = new ArrayDeque<>();
    private final Deque<Long> ids = new ArrayDeque<>();
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

    /** For libraries that show the ids of their requests. */
    synchronized void id(long id) {
        ids.addLast(id);
        if (ids.size() > LAST_IDS) {
            ids.removeFirst();
        }
    }

    synchronized void heartbeat() {
        heartbeats++;
    }

    synchronized Map<String, Object> take() {
        Map<String, Object> taken = new HashMap<>();
        taken.put("calls", calls);
        taken.put("oneways", oneways);
        taken.put("heartbeats", heartbeats);
        taken.put("headers", new ArrayList<>(headers));
        if (!ids.isEmpty()) {
            taken.put("ids", new ArrayList<>(ids));
        }
        headers.clear();
        ids.clear();
        calls = oneways = heartbeats = 0;
        return taken;
    }
}
