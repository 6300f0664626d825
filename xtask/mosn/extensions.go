package main

import (
	"github.com/urfave/cli"
	"mosn.io/api"
	"mosn.io/mosn/pkg/log"
	"mosn.io/mosn/pkg/protocol/xprotocol"
	"mosn.io/mosn/pkg/protocol/xprotocol/bolt"
	"mosn.io/mosn/pkg/protocol/xprotocol/boltv2"
	"mosn.io/mosn/pkg/protocol/xprotocol/dubbo"
	"mosn.io/mosn/pkg/protocol/xprotocol/dubbothrift"
	"mosn.io/mosn/pkg/protocol/xprotocol/tars"
	"mosn.io/mosn/pkg/wasm"

	"github.com/meshwire/meshwire/xtask/mosn/engine"
	"github.com/meshwire/meshwire/xtask/mosn/lean"

	// Packages register what they have when they are linked.
	_ "mosn.io/mosn/pkg/admin/debug"
	_ "mosn.io/mosn/pkg/filter/network/connectionmanager"
	_ "mosn.io/mosn/pkg/filter/network/proxy"
	_ "mosn.io/mosn/pkg/filter/network/streamproxy"
	_ "mosn.io/mosn/pkg/filter/stream/faultinject"
	_ "mosn.io/mosn/pkg/metrics/sink"
	_ "mosn.io/mosn/pkg/metrics/sink/prometheus"
	_ "mosn.io/mosn/pkg/network"
	_ "mosn.io/mosn/pkg/protocol"
	_ "mosn.io/mosn/pkg/router"
	_ "mosn.io/mosn/pkg/server/keeper"
	_ "mosn.io/mosn/pkg/upstream/healthcheck"
	_ "mosn.io/mosn/pkg/wasm/abi/proxywasm010"
	_ "mosn.io/mosn/pkg/wasm/abi/proxywasm020"
	// Empty without the build tag `wasmer`.
	_ "mosn.io/mosn/pkg/wasm/runtime/wasmer"
	// It cannot run codecs; here so that this can be seen.
	_ "mosn.io/mosn/pkg/wasm/runtime/wazero"
)

// version is that of MOSN in go.mod.
const version = "1.6.1"

func registerExtensions(*cli.Context) {
	wasm.RegisterWasmEngine(engine.Name, engine.New())
	noTracing := func(api.XProtocolCodec) {}
	xprotocol.RegisterXProtocolAction(lean.NewConnPool, lean.NewStreamFactory, noTracing)
	// MOSN's codecs in Go, to compare plugins with. As in a stock MOSN they come first: a plugin
	// cannot take the name of one.
	for _, codec := range []api.XProtocolCodec{
		&bolt.XCodec{},
		&boltv2.XCodec{},
		&dubbo.XCodec{},
		&dubbothrift.XCodec{},
		&tars.XCodec{},
	} {
		if err := xprotocol.RegisterXProtocolCodec(codec); err != nil {
			log.StartLogger.Errorf("[main] no codec for %s: %v", codec.ProtocolName(), err)
		}
	}
}
