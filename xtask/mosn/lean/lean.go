// Package lean passes frames on without handing their bytes to a plugin.
//
// MOSN's codec for plugins copies each frame into the guest and out again, twice. Here the bytes stay in the
// host, as with MOSN's own codecs in Go, and the guest is only asked about the front of a frame: how long it is,
// what its id and its headers are, and where another id is written. A plugin made by meshwire has the exports for
// it. What it cannot answer, and everything of other plugins, is decoded and encoded by MOSN's codec: it is
// inside of the one here, which takes its place where connections are made.
package lean

import (
	"context"
	"reflect"
	"sync"

	"mosn.io/api"
	v2 "mosn.io/mosn/pkg/config/v2"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	xstream "mosn.io/mosn/pkg/stream/xprotocol"
	"mosn.io/mosn/pkg/types"
	"mosn.io/mosn/pkg/wasm"
)

// NewStreamFactory makes what reads the connections of a codec.
func NewStreamFactory(codec api.XProtocolCodec) types.ProtocolStreamFactory {
	return xstream.NewStreamFactory(wrapped(codec))
}

// NewConnPool makes the connections of a codec to a server.
func NewConnPool(ctx context.Context, codec api.XProtocolCodec, host types.Host) types.ConnectionPool {
	return xstream.NewConnPool(ctx, wrapped(codec), host)
}

// Start lets plugins pass frames on, those whose codec says `"lean": "on"`. It is a stage after MOSN has loaded
// them.
func Start(config *v2.MOSNConfig) {
	for _, third := range config.ThirdPartCodec.Codecs {
		if third.Enable && third.Type == v2.Wasm {
			follow(third.Config, config.DisableUpgrade)
		}
	}
}

// follow asks the instances of a codec's plugin, now and after each update.
func follow(config map[string]interface{}, early bool) {
	protocol, _ := config["protocol"].(string)
	plugin, _ := config["from_wasm_plugin"].(string)
	codec := registered(api.ProtocolName(protocol))
	wrapper := wasm.GetWasmManager().GetWasmPluginWrapperByName(plugin)
	if codec == nil || wrapper == nil || !codec.followed.CompareAndSwap(false, true) {
		// MOSN has logged why; of two codecs of one protocol it uses the first.
		return
	}
	if config["lean"] != "on" || !runsCodecs(wrapper) {
		return
	}
	// JSON has no integers.
	root, _ := config["root_id"].(float64)
	codec.fleet.root = int32(root)
	codec.early.Store(early)
	codec.on.Store(true)
	wrapper.RegisterPluginHandler(&codec.fleet)
}

// runsCodecs is false for MOSN's own engine on wazero, which fails on every frame that is left to MOSN's codec.
func runsCodecs(plugin types.WasmPluginWrapper) bool {
	vm := plugin.GetConfig().VmConfig
	return vm == nil || vm.Engine != "wazero"
}

// codecs are those of plugins, by the names of their protocols.
var codecs = struct {
	sync.Mutex
	all map[api.ProtocolName]*codec
}{all: map[api.ProtocolName]*codec{}}

func registered(name api.ProtocolName) *codec {
	codecs.Lock()
	defer codecs.Unlock()
	return codecs.all[name]
}

// wrapped is the one here around a codec of a plugin; any other is left as it is.
func wrapped(inner api.XProtocolCodec) api.XProtocolCodec {
	if !isOfPlugin(inner) {
		return inner
	}
	codecs.Lock()
	defer codecs.Unlock()
	name := inner.ProtocolName()
	if known, ok := codecs.all[name]; ok && known.XProtocolCodec == inner {
		return known
	}
	codec := newCodec(inner)
	codecs.all[name] = codec
	return codec
}

// isOfPlugin knows the codec that MOSN makes for a plugin, whose type has no public name.
func isOfPlugin(codec api.XProtocolCodec) bool {
	kind := reflect.TypeOf(codec)
	return kind.Kind() == reflect.Pointer &&
		kind.Elem().PkgPath() == reflect.TypeOf(xwasm.Request{}).PkgPath()
}
