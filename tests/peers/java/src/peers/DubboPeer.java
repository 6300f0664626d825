package peers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.MethodConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcContext;
import org.apache.dubbo.rpc.RpcInvocation;
import org.apache.dubbo.rpc.model.ApplicationModel;
import org.apache.dubbo.rpc.model.FrameworkModel;
import org.apache.dubbo.rpc.model.ModuleModel;
import test.EchoService;

/** Apache Dubbo over its own protocol, without a registry. */
final class DubboPeer extends Peer {
    private static final String INTERFACE = EchoService.class.getName();
    private static final String VERSION = "1.0";

    private final String serialization;

    DubboPeer(String serialization) {
        this.serialization = serialization;
    }

    @Override
    String library() {
        String version = org.apache.dubbo.common.Version.getVersion();
        return "dubbo " + version + " with " + serialization;
    }

    @Override
    Server serve(int port) {
        Seen seen = new Seen();
        ModuleModel model = model();
        Loopback.watch(port, seen);
        ProtocolConfig protocol = new ProtocolConfig("dubbo", port);
        protocol.setServer(Loopback.NAME);
        protocol.setSerialization(serialization);
        ServiceConfig<EchoService> service = new ServiceConfig<>(model);
        service.setInterface(EchoService.class);
        service.setVersion(VERSION);
        service.setRef(new Echo(seen));
        service.setProtocol(protocol);
        service.setRegistry(new RegistryConfig(RegistryConfig.NO_AVAILABLE));
        service.export();
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
                model.getApplicationModel().getFrameworkModel().destroy();
            }
        };
    }

    @Override
    Client connect(String target, int connections) {
        return new DubboClient(target, connections, serialization);
    }

    /** Of its own: what two servers or clients share, ends with the first of them. */
    private static ModuleModel model() {
        ApplicationModel application = new FrameworkModel().newApplication();
        ApplicationConfig config = new ApplicationConfig("peers");
        config.setQosEnable(false);
        // Otherwise every application serves its metadata too, to the whole network.
        config.setRegisterMode("interface");
        // Nothing is to be left in the user's home.
        config.setEnableFileCache(false);
        application.getApplicationConfigManager().setApplication(config);
        ModuleModel model = application.getDefaultModule();
        Loopback.install(model);
        return model;
    }

    private static final class DubboClient implements Client {
        private final String target;
        private final int connections;
        private final String serialization;
        private final ModuleModel model = model();
        private final Map<String, Invoker<?>> invokers = new HashMap<>();

        DubboClient(String target, int connections, String serialization) {
            this.target = target;
            this.connections = connections;
            this.serialization = serialization;
        }

        @Override
        public Answer call(Call call) throws Exception {
            return new Answer((String) invoke(call, call.method()).getValue(), null);
        }

        @Override
        public void oneway(Call call) throws Exception {
            invoke(call, "fire");
        }

        private Result invoke(Call call, String method) throws Exception {
            Invoker<?> invoker = invoker(call.service());
            // The interface of the service has no place for unknown methods.
            RpcInvocation invocation =
                    new RpcInvocation(
                            method,
                            INTERFACE,
                            "",
                            new Class<?>[] {String.class},
                            new Object[] {call.content()});
            invocation.setInvoker(invoker);
            call.headers().forEach(invocation::setAttachment);
            if (call.timeout() > 0) {
                RpcContext.getClientAttachment().setObjectAttachment("timeout", call.timeout());
            }
            try {
                Result result = invoker.invoke(invocation);
                if (result.getException() instanceof Exception thrown) {
                    throw thrown;
                }
                return result;
            } finally {
                RpcContext.removeClientAttachment();
            }
        }

        private synchronized Invoker<?> invoker(String service) {
            return invokers.computeIfAbsent(service, this::refer);
        }

        private Invoker<?> refer(String service) {
            String[] parts = service.split(":");
            MethodConfig fire = new MethodConfig();
            fire.setName("fire");
            fire.setReturn(false);
            ReferenceConfig<EchoService> reference = new ReferenceConfig<>(model);
            reference.setInterface(EchoService.class);
            reference.setVersion(parts[1]);
            String url = "dubbo://" + target + "/" + parts[0];
            reference.setUrl(url + "?serialization=" + serialization);
            reference.setClient(Loopback.NAME);
            reference.setConnections(connections);
            reference.setRetries(0);
            reference.setCheck(false);
            reference.setMethods(List.of(fire));
            reference.get();
            return reference.getInvoker();
        }

        @Override
        public String heartbeat(int timeout) {
            throw new UnsupportedOperationException(
                    "Dubbo sends heartbeats on idle connections by itself and drops the acks");
        }

        @Override
        public void close() {
            model.getApplicationModel().getFrameworkModel().destroy();
        }
    }

    /** The service. */
    private static final class Echo implements EchoService {
        private final Seen seen;

        Echo(Seen seen) {
            this.seen = seen;
        }

        @Override
        public String echo(String text) {
            see("echo");
            return text;
        }

        @Override
        public String fail(String text) {
            see("fail");
            throw new IllegalStateException("this method fails");
        }

        @Override
        public String slow(String text) throws InterruptedException {
            see("slow");
            Thread.sleep(Call.delay(text));
            return text;
        }

        @Override
        public void fire(String text) {
            see("fire");
        }

        private void see(String method) {
            Map<String, String> headers = new HashMap<>();
            RpcContext.getServerAttachment()
                    .getObjectAttachments()
                    .forEach((key, value) -> headers.put(key, String.valueOf(value)));
            seen.request(method, headers);
        }
    }
}
