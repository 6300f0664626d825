package peers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.remoting.Channel;
import org.apache.dubbo.remoting.ChannelHandler;
import org.apache.dubbo.remoting.Client;
import org.apache.dubbo.remoting.RemotingException;
import org.apache.dubbo.remoting.RemotingServer;
import org.apache.dubbo.remoting.Transporter;
import org.apache.dubbo.remoting.exchange.Request;
import org.apache.dubbo.remoting.exchange.support.MultiMessage;
import org.apache.dubbo.remoting.transport.netty4.NettyClient;
import org.apache.dubbo.remoting.transport.netty4.NettyServer;
import org.apache.dubbo.remoting.transport.netty4.NettyTransporter;
import org.apache.dubbo.rpc.model.ModuleModel;

/**
 * Sockets on the loopback interface, which Dubbo has others for: its servers listen on every
 * interface, its clients connect to the machine's own address. Servers report what they get.
 */
public final class Loopback extends NettyTransporter {
    static final String NAME = "loopback";

    private static final Map<Integer, Seen> SERVERS = new ConcurrentHashMap<>();

    /** Reports what a server on this port gets. */
    static void watch(int port, Seen seen) {
        SERVERS.put(port, seen);
    }

    /** Makes this known to Dubbo. */
    static void install(ModuleModel model) {
        var loader =
                model.getApplicationModel()
                        .getFrameworkModel()
                        .getExtensionLoader(Transporter.class);
        loader.addExtension(NAME, Loopback.class);
    }

    @Override
    public RemotingServer bind(URL url, ChannelHandler handler) throws RemotingException {
        return new Server(url, handler);
    }

    @Override
    public Client connect(URL url, ChannelHandler handler) throws RemotingException {
        return new NettyClient(url, handler) {
            @Override
            public InetSocketAddress getConnectAddress() {
                return new InetSocketAddress(url.getHost(), url.getPort());
            }
        };
    }

    private static final class Server extends NettyServer {
        Server(URL url, ChannelHandler handler) throws RemotingException {
            super(url, handler);
        }

        @Override
        public InetSocketAddress getBindAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), getUrl().getPort());
        }

        @Override
        public void received(Channel channel, Object message) throws RemotingException {
            if (message instanceof MultiMessage messages) {
                messages.iterator().forEachRemaining(this::see);
            } else {
                see(message);
            }
            super.received(channel, message);
        }

        private void see(Object message) {
            Seen seen = SERVERS.get(getUrl().getPort());
            if (seen == null || !(message instanceof Request request)) {
                return;
            }
            if (request.isHeartbeat()) {
                seen.heartbeat();
            } else {
                seen.id(request.getId());
            }
        }
    }
}
