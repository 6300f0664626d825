package peers;

import com.alipay.sofa.rpc.common.json.JSON;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Does what the lines on its standard input ask for, and answers each with a line. */
public final class Main {
    public static void main(String[] args) throws Exception {
        // What libraries print goes to the log.
        PrintStream out = System.out;
        System.setOut(System.err);
        Peer peer = peer(args[0]);
        answer(out, Map.of("ready", true, "library", peer.library()));
        ExecutorService tasks = Executors.newCachedThreadPool();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Op op = new Op(JSON.parseObject(line, Map.class));
            tasks.execute(() -> answer(out, perform(peer, op)));
        }
        // Servers and clients have threads that would go on.
        Runtime.getRuntime().halt(0);
    }

    private static Peer peer(String kind) throws Exception {
        return switch (kind) {
            case "java-bolt" -> new BoltPeer(BoltPeer.Version.ONE);
            case "java-bolt2" -> new BoltPeer(BoltPeer.Version.TWO);
            case "java-dubbo" -> new DubboPeer("hessian2");
            case "java-dubbo-json" -> new DubboPeer("fastjson2");
            case "java-rpc" -> new RpcPeer();
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Map<String, Object> perform(Peer peer, Op op) {
        Map<String, Object> answer = new LinkedHashMap<>();
        try {
            answer.putAll(peer.perform(op));
        } catch (UnsupportedOperationException lacks) {
            answer.put("unsupported", lacks.getMessage());
        } catch (Throwable failure) {
            failure.printStackTrace();
            answer.put("failed", failure.toString());
        }
        answer.put("seq", op.number("seq", 0));
        return answer;
    }

    private static void answer(PrintStream out, Map<String, ?> answer) {
        String line = JSON.toJSONString(answer) + "\n";
        synchronized (out) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            out.write(bytes, 0, bytes.length);
            out.flush();
        }
    }

    private Main() {}
}
