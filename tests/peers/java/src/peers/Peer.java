package peers;

import com.alipay.remoting.exception.RemotingException;
import com.alipay.sofa.rpc.core.exception.SofaRouteException;
import java.net.BindException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.dubbo.rpc.RpcException;

/** A library as server and as client. */
abstract class Peer {
    private final Map<String, Server> servers = new ConcurrentHashMap<>();
    private final Map<String, Client> clients = new ConcurrentHashMap<>();

    /** Name and version. */
    abstract String library();

    /** A server on this port of the loopback interface. */
    abstract Server serve(int port) throws Exception;

    /** A client with so many connections to {@code target}. */
    abstract Client connect(String target, int connections) throws Exception;

    Map<String, Object> perform(Op op) throws Exception {
        return switch (op.name()) {
            case "serve" -> {
                int port = Ports.of(op.text("address", ""));
                if (servers.containsKey("127.0.0.1:" + port)) {
                    throw new BindException("a server of this process has the port " + port);
                }
                Server server = serve(port);
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
                with(op, client -> {
                    client.oneway(op.call());
                    return null;
                });
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
            Answer answer = with(op, client -> client.call(call));
            boolean same = call.content().equals(answer.content());
            result.put("outcome", same ? "ok" : "wrong");
            if (!same) {
                result.put("text", Load.shortened(answer.content()));
            }
            if (answer.headers() != null) {
                result.put("headers", answer.headers());
            }
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
        synchronized (clients) {
            Client client = clients.get(target);
            if (client == null) {
                client = connect(target, 1);
                clients.put(target, client);
            }
            return client;
        }
    }

    /** Has that one do it. */
    private <T> T with(Op op, Use<T> use) throws Exception {
        try {
            return use.by(client(op));
        } catch (SofaRouteException | RemotingException | RpcException error) {
            if (sent(error)) {
                throw error;
            }
            drop(op);
            return use.by(client(op));
        }
    }

    /** False for a connection that was lost before: SOFA-RPC and Dubbo replace it much later only. */
    private static boolean sent(Exception error) {
        return !(error instanceof SofaRouteException
                || error instanceof RpcException lost && lost.isNoInvokerAvailableAfterFilter()
                || String.valueOf(error.getMessage()).startsWith("Connection is null"));
    }

    private interface Use<T> {
        T by(Client client) throws Exception;
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

        @Override
        void close();
    }

    /** What comes back from a server; headers are null if the library does not show them. */
    record Answer(String content, Map<String, String> headers) {}
}
