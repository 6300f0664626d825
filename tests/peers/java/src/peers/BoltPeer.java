package peers;

import com.alipay.remoting.BizContext;
import com.alipay.remoting.Connection;
import com.alipay.remoting.InvokeContext;
import com.alipay.remoting.ResponseStatus;
import com.alipay.remoting.rpc.DefaultInvokeFuture;
import com.alipay.remoting.rpc.HeartbeatCommand;
import com.alipay.remoting.rpc.ResponseCommand;
import com.alipay.remoting.rpc.RpcClient;
import com.alipay.remoting.rpc.RpcCommandFactory;
import com.alipay.remoting.rpc.RpcServer;
import com.alipay.remoting.rpc.protocol.RpcProtocol;
import com.alipay.remoting.rpc.protocol.RpcProtocolV2;
import com.alipay.remoting.rpc.protocol.SyncUserProcessor;
import com.alipay.sofa.rpc.core.request.SofaRequest;
import com.alipay.sofa.rpc.core.response.SofaResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** sofa-bolt by itself, without an RPC framework on top. A server answers as it is asked. */
final class BoltPeer extends Peer {
    /** How a client speaks: what an address has after its port. */
    enum Version {
        ONE("", "?_PROTOCOL=1", RpcProtocol.PROTOCOL_CODE),
        /** The library puts a CRC after every call of this version that has a context. */
        TWO(" with CRC", "?_PROTOCOL=2&_VERSION=2", RpcProtocolV2.PROTOCOL_CODE);

        private final String about;
        private final String query;
        private final byte code;

        Version(String about, String query, byte code) {
            this.about = about;
            this.query = query;
            this.code = code;
        }
    }

    private final Version version;
    private final Heartbeats heartbeats;

    BoltPeer(Version version) throws ClassNotFoundException {
        BoltWire.install();
        this.version = version;
        heartbeats = Heartbeats.install();
    }

    @Override
    String library() {
        return Library.version("com.alipay.sofa", "bolt") + version.about;
    }

    @Override
    Server serve(int port) throws Exception {
        Seen seen = new Seen();
        RpcServer server = new RpcServer("127.0.0.1", port, true);
        server.registerUserProcessor(new Echo(seen));
        server.startup();
        heartbeats.watch(port, seen);
        return new Server() {
            @Override
            public String address() {
                return "127.0.0.1:" + port;
            }

            @Override
            public Seen seen() {
                return seen;
            }

            @Override
            public void close() {
                server.shutdown();
            }
        };
    }

    @Override
    Client connect(String target, int connections) throws Exception {
        RpcClient client = new RpcClient();
        client.startup();
        String url =
                target
                        + version.query
                        + "&_CONNECTIONWARMUP=true&_CONNECTTIMEOUT=3000&_CONNECTIONNUM="
                        + connections;
        return new BoltClient(client, url, version.code);
    }

    private record BoltClient(RpcClient client, String url, byte protocol) implements Client {
        @Override
        @SuppressWarnings("unchecked")
        public Answer call(Call call) throws Exception {
            InvokeContext context = context();
            Object answer = client.invokeSync(url, request(call), context, call.timeout());
            byte[] content = (byte[]) ((SofaResponse) answer).getAppResponse();
            Map<String, String> headers = context.get(BoltWire.RESPONSE_HEADERS);
            return new Answer(new String(content, StandardCharsets.UTF_8), headers);
        }

        @Override
        public void oneway(Call call) throws Exception {
            Call fire = new Call(call.service(), "fire", call.content(), 0, call.headers());
            client.oneway(url, request(fire), context());
        }

        /** As bolt does by itself when a connection is idle. */
        @Override
        public String heartbeat(int timeout) throws Exception {
            Connection connection = client.getConnection(url, timeout);
            HeartbeatCommand command = new HeartbeatCommand();
            var future =
                    new DefaultInvokeFuture(
                            command.getId(),
                            null,
                            null,
                            protocol,
                            new RpcCommandFactory());
            connection.addInvokeFuture(future);
            connection.getChannel().writeAndFlush(command);
            ResponseCommand ack = future.waitResponse(timeout);
            connection.removeInvokeFuture(command.getId());
            if (ack == null) {
                return "no ack in " + timeout + " ms";
            }
            ResponseStatus status = ack.getResponseStatus();
            return status == ResponseStatus.SUCCESS ? null : status.toString();
        }

        @Override
        public void close() {
            client.shutdown();
        }

        private static InvokeContext context() {
            InvokeContext context = new InvokeContext();
            context.put(InvokeContext.BOLT_CUSTOM_SERIALIZER, BoltWire.CODEC);
            return context;
        }

        private static SofaRequest request(Call call) {
            SofaRequest request = new SofaRequest();
            request.addRequestProp("service", call.service());
            request.addRequestProp("sofa_head_target_service", call.service());
            request.addRequestProp("sofa_head_method_name", call.method());
            call.headers().forEach(request::addRequestProp);
            byte[] content = call.content().getBytes(StandardCharsets.UTF_8);
            request.setMethodArgs(new Object[] {content});
            return request;
        }
    }

    /** The service. */
    private static final class Echo extends SyncUserProcessor<SofaRequest> {
        private final Seen seen;

        Echo(Seen seen) {
            this.seen = seen;
        }

        @Override
        public String interest() {
            return SofaRequest.class.getName();
        }

        @Override
        public Object handleRequest(BizContext context, SofaRequest request) throws Exception {
            Map<String, String> headers = new HashMap<>();
            request.getRequestProps().forEach((key, value) -> headers.put(key, (String) value));
            String method = headers.getOrDefault("sofa_head_method_name", "");
            seen.request(method, headers);
            byte[] content = (byte[]) request.getMethodArgs()[0];
            if (!Call.SERVICE.equals(headers.get("service"))) {
                throw new ClassNotFoundException(headers.get("service"));
            }
            switch (method) {
                case "echo", "fire" -> {}
                case "slow" ->
                        Thread.sleep(Call.delay(new String(content, StandardCharsets.UTF_8)));
                case "fail" -> throw new IllegalStateException("this method fails");
                default -> throw new NoSuchMethodException(method);
            }
            SofaResponse response = new SofaResponse();
            response.setAppResponse(content);
            response.addResponseProp("served-by", "java-bolt");
            return response;
        }
    }
}
