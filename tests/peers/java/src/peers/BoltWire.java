package peers;

import com.alipay.remoting.CustomSerializerManager;
import com.alipay.remoting.DefaultCustomSerializer;
import com.alipay.remoting.InvokeContext;
import com.alipay.remoting.exception.DeserializationException;
import com.alipay.remoting.exception.SerializationException;
import com.alipay.remoting.rpc.RequestCommand;
import com.alipay.remoting.rpc.ResponseCommand;
import com.alipay.remoting.rpc.protocol.RpcRequestCommand;
import com.alipay.remoting.rpc.protocol.RpcResponseCommand;
import com.alipay.sofa.rpc.codec.bolt.SimpleMapSerializer;
import com.alipay.sofa.rpc.core.request.SofaRequest;
import com.alipay.sofa.rpc.core.response.SofaResponse;
import java.util.HashMap;
import java.util.Map;

/**
 * Class names and headers as SOFA-RPC has them, contents as plain bytes: what peers in other
 * languages understand without hessian.
 */
final class BoltWire extends DefaultCustomSerializer {
    /** Where a call's context has the headers of its response. */
    static final String RESPONSE_HEADERS = "peers.response.headers";

    /** The code for contents which are not bolt's to understand. */
    static final byte CODEC = 11;

    private final SimpleMapSerializer maps = new SimpleMapSerializer();

    static void install() {
        BoltWire wire = new BoltWire();
        for (Class<?> type : new Class<?>[] {SofaRequest.class, SofaResponse.class}) {
            CustomSerializerManager.registerCustomSerializer(type.getName(), wire);
        }
    }

    @Override
    public <T extends RequestCommand> boolean serializeHeader(T command, InvokeContext context)
            throws SerializationException {
        Map<String, String> headers = new HashMap<>();
        request(command).getRequestProps().forEach((key, value) -> headers.put(key, (String) value));
        command.setHeader(maps.encode(headers));
        return true;
    }

    @Override
    public <T extends RequestCommand> boolean serializeContent(T command, InvokeContext context) {
        command.setContent((byte[]) request(command).getMethodArgs()[0]);
        return true;
    }

    @Override
    public <T extends RequestCommand> boolean deserializeHeader(T command) {
        return true;
    }

    @Override
    public <T extends RequestCommand> boolean deserializeContent(T command)
            throws DeserializationException {
        SofaRequest request = new SofaRequest();
        headers(command.getHeader()).forEach(request::addRequestProp);
        request.setMethodArgs(new Object[] {orEmpty(command.getContent())});
        ((RpcRequestCommand) command).setRequestObject(request);
        return true;
    }

    @Override
    public <T extends ResponseCommand> boolean serializeHeader(T command)
            throws SerializationException {
        Map<String, String> headers = response(command).getResponseProps();
        command.setHeader(maps.encode(headers));
        return true;
    }

    @Override
    public <T extends ResponseCommand> boolean serializeContent(T command) {
        command.setContent((byte[]) response(command).getAppResponse());
        return true;
    }

    @Override
    public <T extends ResponseCommand> boolean deserializeHeader(T command, InvokeContext context)
            throws DeserializationException {
        context.put(RESPONSE_HEADERS, headers(command.getHeader()));
        return true;
    }

    @Override
    public <T extends ResponseCommand> boolean deserializeContent(T command, InvokeContext context) {
        SofaResponse response = new SofaResponse();
        response.setAppResponse(orEmpty(command.getContent()));
        ((RpcResponseCommand) command).setResponseObject(response);
        return true;
    }

    private Map<String, String> headers(byte[] encoded) throws DeserializationException {
        Map<String, String> headers = maps.decode(encoded);
        return headers == null ? Map.of() : headers;
    }

    private static SofaRequest request(RequestCommand command) {
        return (SofaRequest) ((RpcRequestCommand) command).getRequestObject();
    }

    private static SofaResponse response(ResponseCommand command) {
        return (SofaResponse) ((RpcResponseCommand) command).getResponseObject();
    }

    private static byte[] orEmpty(byte[] content) {
        return content == null ? new byte[0] : content;
    }
}
