package peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Many calls by many callers, each answer held against its own request. */
final class Load {
    /** Error texts that are reported. */
    private static final int REPORTED = 5;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger ok = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final List<String> errors = new ArrayList<>();

    static Map<String, Object> run(Peer.Client client, Op op) throws InterruptedException {
        Load load = new Load();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < op.number("callers", 1); i++) {
            Thread caller = new Thread(() -> load.call(client, op));
            caller.start();
            callers.add(caller);
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return Map.of(
                "ok", load.ok.get(),
                "wrong", load.wrong.get(),
                "failed", load.failed.get(),
                "errors", load.errors);
    }

    private void call(Peer.Client client, Op op) {
        int calls = op.number("calls", 1);
        int size = op.number("size", 128);
        Call echo = op.call();
        for (int n = next.getAndIncrement(); n < calls; n = next.getAndIncrement()) {
            Call call = echo.with(content(n, size));
            try {
                boolean same = call.content().equals(client.call(call).content());
                (same ? ok : wrong).incrementAndGet();
            } catch (Exception error) {
                failed.incrementAndGet();
                report(error);
            }
        }
    }

    private void report(Exception error) {
        synchronized (errors) {
            if (errors.size() < REPORTED) {
                errors.add(shortened(error.toString()));
            }
        }
    }

    /** A text of so many bytes that no other call has, if there is room for it. */
    static String content(int n, int size) {
        // Spreads small numbers over all digits.
        String mark = String.format("%08x", n * 0x9e3779b1);
        return mark.repeat(size / mark.length() + 1).substring(0, size);
    }

    static String shortened(String text) {
        String line = String.valueOf(text).replace('\n', ' ');
        return line.length() > 200 ? line.substring(0, 200) : line;
    }
}
