package peers;

import com.alipay.sofa.rpc.common.RpcConstants;
import com.alipay.sofa.rpc.config.ConsumerConfig;
import com.alipay.sofa.rpc.config.MethodConfig;
import com.alipay.sofa.rpc.config.ProviderConfig;
import com.alipay.sofa.rpc.config.ServerConfig;
import com.alipay.sofa.rpc.context.RpcInvokeContext;
import com.alipay.sofa.rpc.core.request.SofaRequest;
import com.alipay.sofa.rpc.core.response.SofaResponse;
import com.alipay.sofa.rpc.filter.Filter;
import com.alipay.sofa.rpc.filter.FilterInvoker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import test.EchoService;

/** SOFA-RPC over bolt, contents in hessian. */
final class RpcPeer extends Peer {
    private final Heartbeats heartbeats;

    RpcPeer() throws ClassNotFoundException {
        Pools.install();
        heartbeats = Heartbeats.install();
    }

    @Override
    String library() {
        return Library.version("com.alipay.sofa", "sofa-rpc-all");
    }

    @Override
    Server serve(int port) throws Exception {
        Seen seen = new Seen();
        ServerConfig server =
                new ServerConfig()
                        .setProtocol(RpcConstants.PROTOCOL_TYPE_BOLT)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setDaemon(true)
                        .setStopTimeout(1);
        ProviderConfig<EchoService> provider =
                new ProviderConfig<EchoService>()
                        .setInterfaceId(EchoService.class.getName())
                        .setRef(new Echo())
                        .setServer(server)
                        .setFilterRef(List.of(new Watch(seen)))
                        .setRegister(false)
                        .setRepeatedExportLimit(-1);
        provider.export();
        heartbeats.watch(port, seen);
        Connections connections = Connections.of(server);
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
                // The provider stays: other servers share what it has registered.
                server.destroy();
                connections.close();
            }
        };
    }

    @Override
    Client connect(String target, int connections) {
        // The first client of a target decides how many there are.
        Pools.close(target);
        MethodConfig fire =
                new MethodConfig()
                        .setName("fire")
                        .setInvokeType(RpcConstants.INVOKER_TYPE_ONEWAY);
        ConsumerConfig<EchoService> consumer =
                new ConsumerConfig<EchoService>()
                        .setInterfaceId(EchoService.class.getName())
                        .setProtocol(RpcConstants.PROTOCOL_TYPE_BOLT)
                        .setDirectUrl("bolt://" + target)
                        .setConnectionNum(connections)
                        .setConnectTimeout(3000)
                        .setRetries(0)
                        .setFilterRef(List.of(new Address()))
                        .setMethods(List.of(fire))
                        .setRegister(false)
                        .setSubscribe(false)
                        .setRepeatedReferLimit(-1);
        return new RpcClient(target, consumer, consumer.refer());
    }

    private static final class RpcClient implements Client {
        private final String target;
        private final ConsumerConfig<EchoService> consumer;
        private final EchoService service;

        RpcClient(String target, ConsumerConfig<EchoService> consumer, EchoService service) {
            this.target = target;
            this.consumer = consumer;
            this.service = service;
        }

        @Override
        public Answer call(Call call) throws Exception {
            Address.CALL.set(call);
            RpcInvokeContext.getContext().setTimeout(call.timeout());
            try {
                String content =
                        switch (call.method()) {
                            case "fail" -> service.fail(call.content());
                            case "slow" -> service.slow(call.content());
                            default -> service.echo(call.content());
                        };
                return new Answer(content, null);
            } finally {
                Address.CALL.remove();
                RpcInvokeContext.removeContext();
            }
        }

        @Override
        public void oneway(Call call) {
            Address.CALL.set(new Call(call.service(), "fire", "", 0, call.headers()));
            try {
                service.fire(call.content());
            } finally {
                Address.CALL.remove();
            }
        }

        @Override
        public String heartbeat(int timeout) {
            throw new UnsupportedOperationException(
                    "SOFA-RPC sends heartbeats on idle connections by itself and never on demand");
        }

        @Override
        public void close() {
            consumer.unRefer();
            Pools.close(target);
        }
    }

    /** Gives a request what the interface of the service has no place for. */
    private static final class Address extends Filter {
        static final ThreadLocal<Call> CALL = new ThreadLocal<>();

        @Override
        public SofaResponse invoke(FilterInvoker invoker, SofaRequest request) {
            Call call = CALL.get();
            request.setMethodName(call.method());
            request.setTargetServiceUniqueName(call.service());
            call.headers().forEach(request::addRequestProp);
            return invoker.invoke(request);
        }
    }

    /** Notes what arrives. */
    private static final class Watch extends Filter {
        private final Seen seen;

        Watch(Seen seen) {
            this.seen = seen;
        }

        @Override
        public SofaResponse invoke(FilterInvoker invoker, SofaRequest request) {
            Map<String, String> headers = new HashMap<>();
            if (request.getRequestProps() != null) {
                request.getRequestProps()
                        .forEach((key, value) -> headers.put(key, String.valueOf(value)));
            }
            seen.request(request.getMethodName(), headers);
            return invoker.invoke(request);
        }
    }

    /** The service. */
    private static final class Echo implements EchoService {
        @Override
        public String echo(String text) {
            return text;
        }

        @Override
        public String fail(String text) {
            throw new IllegalStateException("this method fails");
        }

        @Override
        public String slow(String text) throws InterruptedException {
            Thread.sleep(Call.delay(text));
            return text;
        }

        @Override
        public void fire(String text) {}
    }
}
