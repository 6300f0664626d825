package peers;

import com.alipay.sofa.rpc.common.RpcConfigs;
import com.alipay.sofa.rpc.common.RpcOptions;
import com.alipay.sofa.rpc.transport.bolt.BoltClientTransport;

/** SOFA-RPC's connections, which all its clients share and which none of them closes. */
final class Pools extends BoltClientTransport {
    private Pools() {
        super(null);
    }

    /** Has calls use all connections of a pool, instead of one that is kept for good. */
    static void install() {
        RpcConfigs.putValue(RpcOptions.TRANSPORT_CONNECTION_REUSE, false);
    }

    /** Closes those to {@code target}. */
    static void close(String target) {
        RPC_CLIENT.closeConnection(target);
    }
}
