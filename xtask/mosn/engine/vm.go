// Package engine runs x-protocol codecs in MOSN: a WebAssembly engine on wazero, by the name of
// [Name] in a plugin's vm_config.
//
// MOSN's own wazero engine cannot run them. The codec passes Go ints to the guest, which it does not
// accept, so every decode fails before the guest is entered. Its other engine, wasmer, needs cgo.
// This one accepts them, and does what is done for each frame without reflection: exports are looked
// up once, and host functions work on the guest's stack.
//
// It offers what a codec may import and nothing else: no HTTP filters, no proxy-wasm 0.2.
package engine

import (
	"context"

	"github.com/tetratelabs/wazero"
	"mosn.io/mosn/pkg/log"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
)

// Name is what a configuration calls this engine by.
const Name = "wazero-codec"

// Calls into a guest are not cancelled: MOSN has no deadline for them.
var background = context.Background()

// vm is the engine: a configuration of wazero, and the machine code of every module.
type vm struct {
	cache  wazero.CompilationCache
	config wazero.RuntimeConfig
}

// New returns the engine, ready to be registered.
func New() common.WasmVM {
	vm := &vm{}
	vm.Init()
	return vm
}

func (vm *vm) Name() string {
	return Name
}

func (vm *vm) Init() {
	vm.cache = wazero.NewCompilationCache()
	vm.config = wazero.NewRuntimeConfig().WithCompilationCache(vm.cache)
}

// NewModule returns nil for a module that cannot be a codec, with the reason in the log. MOSN then
// goes on without the plugin; for a module that is not a codec it would crash.
func (vm *vm) NewModule(guest []byte) common.WasmModule {
	module := &module{vm: vm, guest: guest}
	if err := module.compile(); err != nil {
		log.DefaultLogger.Errorf("[%s] this module is not a codec: %v", Name, err)
		return nil
	}
	return module
}

func (vm *vm) Close() error {
	return vm.cache.Close(background)
}
