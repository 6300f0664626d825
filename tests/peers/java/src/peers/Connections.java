package peers;

import com.alipay.remoting.Connection;
import com.alipay.remoting.ConnectionEventType;
import com.alipay.remoting.rpc.RpcServer;
import com.alipay.sofa.rpc.config.ServerConfig;
import com.alipay.sofa.rpc.server.bolt.BoltServer;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Those of a SOFA-RPC server, which leaves them open when it stops. */
final class Connections {
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    /** Of a server that has started. */
    static Connections of(ServerConfig config) throws ReflectiveOperationException {
        Field field = BoltServer.class.getDeclaredField("remotingServer");
        field.setAccessible(true);
        RpcServer server = (RpcServer) field.get(config.getServer());
        Connections connections = new Connections();
        server.addConnectionEventProcessor(
                ConnectionEventType.CONNECT,
                (remote, connection) -> connections.open.add(connection));
        server.addConnectionEventProcessor(
                ConnectionEventType.CLOSE,
                (remote, connection) -> connections.open.remove(connection));
        return connections;
    }

    void close() {
        open.forEach(Connection::close);
    }
}
