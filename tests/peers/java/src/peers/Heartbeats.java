package peers;

import com.alipay.remoting.CommonCommandCode;
import com.alipay.remoting.ProtocolCode;
import com.alipay.remoting.ProtocolManager;
import com.alipay.remoting.RemotingCommand;
import com.alipay.remoting.RemotingContext;
import com.alipay.remoting.rpc.HeartbeatCommand;
import com.alipay.remoting.rpc.RpcRemoting;
import com.alipay.remoting.rpc.protocol.RpcHeartBeatProcessor;
import com.alipay.remoting.rpc.protocol.RpcProtocol;
import com.alipay.remoting.rpc.protocol.RpcProtocolV2;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the heartbeats that bolt answers, by the port of the server. */
final class Heartbeats extends RpcHeartBeatProcessor {
    private final Map<Integer, Seen> servers = new ConcurrentHashMap<>();

    /** In the place of bolt's own, which does the work. */
    static Heartbeats install() throws ClassNotFoundException {
        // Registers the protocols.
        Class.forName(RpcRemoting.class.getName());
        Heartbeats heartbeats = new Heartbeats();
        for (byte protocol : new byte[] {RpcProtocol.PROTOCOL_CODE, RpcProtocolV2.PROTOCOL_CODE}) {
            ProtocolManager.getProtocol(ProtocolCode.fromBytes(protocol))
                    .getCommandHandler()
                    .registerProcessor(
                            CommonCommandCode.HEARTBEAT, heartbeats);
        }
        return heartbeats;
    }

    void watch(int port, Seen seen) {
        servers.put(port, seen);
    }

    @Override
    public void doProcess(RemotingContext context, RemotingCommand command) {
        if (command instanceof HeartbeatCommand) {
            var local = (InetSocketAddress) context.getChannelContext().channel().localAddress();
            Seen seen = servers.get(local.getPort());
            if (seen != null) {
                seen.heartbeat();
            }
        }
        super.doProcess(context, command);
    }
}
