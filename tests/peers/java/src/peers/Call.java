package peers;

import java.util.Map;

/** A call of the echo service; {@code timeout} is in milliseconds. */
record Call(
        String service, String method, String content, int timeout, Map<String, String> headers) {
    static final String SERVICE = "test.EchoService:1.0";

    Call with(String other) {
        return new Call(service, method, other, timeout, headers);
    }

    /** How long the server is to wait before it answers {@code slow}, in milliseconds. */
    static long delay(String content) {
        return Long.parseLong(content.substring(0, content.indexOf(':')));
    }
}
