package peers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A library as server and as client. */
abstract class Peer {
    private final Map<String, Server> servers = new ConcurrentHashMap<>();
    private final Map<String, Client> clients = new ConcurrentHashMap<>();

    /** Name and version. */
    abstract String library();

    /** A server on a free port of the loopback interface. */
    abstract Server serve() throws Exception;

    /** A client with so many connections to {@code target}. */
    abstract Client connect(String target, int connections) throws Exception;

    Map<String, Object> perform(Op op) throws Exception {
        return switch (op.name()) {
            case "serve" -> {
                Server server = serve();
                servers.put(server.address(), server);
                yield Map.of("address", server.address());
            }
            case "stop" -> {
                servers.remove(op.text("address", "")).close();
                yield Map.of();
            }
            case "seen" -> servers.get(op.text("address", "")).seen().take();
            case "load" -> load(op);
            case "call" -> call(op);
            case "oneway" -> {
                client(op).oneway(op.call());
                yield Map.of("outcome", "ok");
            }
            case "heartbeat" -> heartbeat(op);
            case "disconnect" -> {
                drop(op);
                yield Map.of();
            }
            default -> throw new UnsupportedOperationException("no such operation");
        };
    }

    private Map<String, Object> load(Op op) throws Exception {
        // Of its own: their number is part of the test.
        try (Client client = connect(op.text("target", ""), op.number("connections", 1))) {
            return Load.run(client, op);
        }
    }

    private Map<String, Object> call(Op op) throws Exception {
        Call call = op.call();
        Map<String, Object> result = new LinkedHashMap<>();
        try {
            Answer answer = client(op).call(call);
            boolean same = call.content().equals(answer.content());
            result.put("outcome", same ? "ok" : "wrong");
            if (!same) {
                result.put("text", Load.shortened(answer.content()));
            }
            result.put("headers", answer.headers());
        } catch (Exception error) {
            result.put("outcome", "error");
            result.put("error", error.getClass().getSimpleName());
            result.put("text", Load.shortened(error.getMessage()));
        }
        return result;
    }

    private Map<String, Object> heartbeat(Op op) throws Exception {
        String error = client(op).heartbeat(op.number("timeout", 3000));
        return error == null
                ? Map.of("outcome", "ok")
                : Map.of("outcome", "error", "error", error);
    }

    /** The one that stays connected from call to call. */
    private Client client(Op op) throws Exception {
        String target = op.text("target", "");
        Client client = clients.get(target);
        if (client != null && !client.broken()) {
            return client;
        }
        synchronized (clients) {
            client = clients.get(target);
            if (client == null || client.broken()) {
                drop(op);
                client = connect(target, 1);
                clients.put(target, client);
            }
            return client;
        }
    }

    private void drop(Op op) throws Exception {
        Client client = clients.remove(op.text("target", ""));
        if (client != null) {
            client.close();
        }
    }

    /** A server that runs. */
    interface Server {
        String address();

        Seen seen();

        void close();
    }

    /** A client of one target. */
    interface Client extends AutoCloseable {
        Answer call(Call call) throws Exception;

        void oneway(Call call) throws Exception;

        /** Sends one and waits for its ack; null, or what went wrong. */
        String heartbeat(int timeout) throws Exception;

        /** Whether it does not connect again by itself. */
        boolean broken();

        @Override
        void close();
    }

    /** What comes back from a server. */
    record Answer(String content, Map<String, String> headers) {}
}
