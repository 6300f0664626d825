package peers;

import java.util.LinkedHashMap;
import java.util.Map;

/** One line of the input. */
final class Op {
    private final Map<?, ?> fields;

    Op(Map<?, ?> fields) {
        this.fields = fields;
    }

    String name() {
        return text("op", "");
    }

    String text(String key, String fallback) {
        Object value = fields.get(key);
        return value == null ? fallback : value.toString();
    }

    int number(String key, int fallback) {
        Object value = fields.get(key);
        return value == null ? fallback : ((Number) value).intValue();
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (fields.get("headers") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> headers.put(key.toString(), value.toString()));
        }
        return headers;
    }

    /** The call that this asks for. */
    Call call() {
        String method = text("method", "echo");
        String content = Load.content(number("seq", 0), number("size", 64));
        if (method.equals("slow")) {
            content = number("delay", 0) + ":" + content;
        }
        String service = text("service", Call.SERVICE);
        return new Call(service, method, content, number("timeout", 3000), headers());
    }
}
