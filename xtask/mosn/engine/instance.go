package engine

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"mosn.io/mosn/pkg/log"
	"mosn.io/mosn/pkg/types"
	"mosn.io/mosn/pkg/wasm/abi"
	"mosn.io/pkg/utils"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
	v1 "mosn.io/proxy-wasm-go-host/proxywasm/v1"
)

// instance is one memory with its globals. MOSN enters it under its lock only.
type instance struct {
	module  *module
	runtime wazero.Runtime
	abis    []types.ABI

	// What the guest exports; set by Start and never again.
	memory    api.Memory
	functions map[string]*function
	exports   exports

	started atomic.Bool
	lock    turn
	idle    *sync.Cond
	users   int
	// What the host functions talk to; set while the instance is locked.
	data interface{}
	// Under lock too.
	frames frames
	// In this turn the guest has given MOSN the result of a decode or an encode, if not a good one.
	reported bool
}

// exports are those that frames need. They are looked up once.
type exports struct {
	malloc, create, delete, decode, encode, hijack *function
}

func newInstance(module *module) *instance {
	i := &instance{
		module:  module,
		runtime: wazero.NewRuntimeWithConfig(background, module.vm.config),
	}
	i.idle = sync.NewCond(&i.lock)
	return i
}

func (i *instance) Start() error {
	err := i.start()
	if err != nil {
		log.DefaultLogger.Errorf("[%s] cannot start an instance: %v", Name, err)
		i.runtime.Close(background)
	}
	return err
}

func (i *instance) start() error {
	// What TinyGo and Go import. Rust codecs need none of it.
	if _, err := wasi_snapshot_preview1.Instantiate(background, i.runtime); err != nil {
		return err
	}
	i.abis = abi.GetABIList(i)
	for _, abi := range i.abis {
		abi.OnInstanceCreate(i)
	}
	// This calls `_start`.
	guest, err := i.runtime.Instantiate(background, i.module.guest)
	if err != nil {
		return err
	}
	i.memory = guest.ExportedMemory(memoryExport)
	i.functions = make(map[string]*function)
	for name := range guest.ExportedFunctionDefinitions() {
		i.functions[name] = newFunction(name, guest.ExportedFunction(name))
	}
	i.exports = exports{
		malloc: i.export(mallocExport),
		create: i.export(createExport),
		delete: i.export(deleteExport),
		decode: i.export(decodeExport),
		encode: i.export(encodeExport),
		hijack: i.export(hijackExport),
	}
	for _, abi := range i.abis {
		abi.OnInstanceStart(i)
	}
	i.started.Store(true)
	return nil
}

// RegisterImports is called by the ABI of codecs, which asks for the imports of proxy-wasm 0.1.
func (i *instance) RegisterImports(abi string) error {
	switch {
	case i.started.Load():
		return errors.New("the instance has already started")
	case abi != v1.ProxyWasmABI_0_1_0:
		return fmt.Errorf("this engine runs codecs only, it has no imports for %q", abi)
	}
	// The name that WASI had when TinyGo 0.19 was made, with which the Go codecs are built.
	unstable := i.runtime.NewHostModuleBuilder("wasi_unstable")
	wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(unstable)
	if _, err := unstable.Instantiate(background); err != nil {
		return err
	}
	return instantiateImports(i)
}

// Stop waits in the background for the last user. MOSN's codec never releases an instance, so it is
// a plugin's update that leaks the old ones, with any engine.
func (i *instance) Stop() {
	utils.GoWithRecover(func() {
		i.lock.Lock()
		for i.users > 0 {
			i.idle.Wait()
		}
		stopped := i.started.CompareAndSwap(true, false)
		i.lock.Unlock()
		if stopped {
			for _, abi := range i.abis {
				abi.OnInstanceDestroy(i)
			}
			i.runtime.Close(background)
		}
	}, nil)
}

func (i *instance) Acquire() bool {
	i.lock.Lock()
	defer i.lock.Unlock()
	if !i.started.Load() {
		return false
	}
	i.users++
	return true
}

func (i *instance) Release() {
	i.lock.Lock()
	defer i.lock.Unlock()
	i.users--
	if i.users <= 0 {
		i.idle.Broadcast()
	}
}

func (i *instance) Lock(data interface{}) {
	i.lock.Lock()
	i.data = data
}

// TryLock is Lock, unless the instance is in use.
func (i *instance) TryLock(data interface{}) bool {
	locked := i.lock.TryLock()
	if locked {
		i.data = data
	}
	return locked
}

func (i *instance) Unlock() {
	i.data = nil
	i.lock.Unlock()
}

func (i *instance) GetData() interface{} {
	return i.data
}

func (i *instance) SetData(data interface{}) {
	i.data = data
}

func (i *instance) GetModule() common.WasmModule {
	return i.module
}

// HandleError has nothing to do: a guest that trapped stays in use, as with MOSN's own engines.
func (i *instance) HandleError(error) {}

// export is one that fails when it is called if the guest has none by this name.
func (i *instance) export(name string) *function {
	if function, ok := i.functions[name]; ok {
		return function
	}
	return &function{name: name}
}

func (i *instance) GetExportsFunc(name string) (common.WasmFunction, error) {
	if !i.started.Load() {
		return nil, errNotStarted
	}
	function, ok := i.functions[name]
	if !ok {
		return nil, fmt.Errorf("the plugin does not export %q", name)
	}
	return function, nil
}
