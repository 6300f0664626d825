package engine

import (
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
)

// The export by which MOSN knows a codec.
const marker = "proxy_abi_mosn_version_0_2_0"

const (
	memoryExport = "memory"
	mallocExport = "malloc"
	createExport = "proxy_on_context_create"
	deleteExport = "proxy_on_delete"
	decodeExport = "proxy_decode_buffer_bytes"
	encodeExport = "proxy_encode_buffer_bytes"
	hijackExport = "proxy_hijack_buffer_bytes"
)

// answers are the exports whose result MOSN reads as an int32 without a look at its type. If it is
// anything else, MOSN panics while it holds the instance, which is lost for good.
var answers = []string{
	mallocExport,
	"proxy_on_vm_start",
	"proxy_on_configure",
	decodeExport,
	encodeExport,
	"proxy_keepalive_buffer_bytes",
	"proxy_reply_keepalive_buffer_bytes",
	hijackExport,
}

// module is a codec that compiles.
type module struct {
	vm    *vm
	guest []byte
}

// compile fills the engine's cache: instances have a runtime each, and take the code from there.
func (m *module) compile() error {
	runtime := wazero.NewRuntimeWithConfig(background, m.vm.config)
	defer runtime.Close(background)
	compiled, err := runtime.CompileModule(background, m.guest)
	if err != nil {
		return err
	}
	if _, ok := compiled.ExportedMemories()[memoryExport]; !ok {
		return fmt.Errorf("no exported memory %q", memoryExport)
	}
	functions := compiled.ExportedFunctions()
	for _, name := range []string{marker, mallocExport} {
		if _, ok := functions[name]; !ok {
			return fmt.Errorf("no exported function %q", name)
		}
	}
	for _, name := range answers {
		function, ok := functions[name]
		if !ok {
			continue
		}
		results := function.ResultTypes()
		if len(results) != 1 || results[0] != api.ValueTypeI32 {
			return fmt.Errorf("export %q does not return one i32", name)
		}
	}
	return nil
}

// Init is part of the interface; NewModule has done all.
func (m *module) Init() {}

func (m *module) NewInstance() common.WasmInstance {
	return newInstance(m)
}

// GetABINameList names the one ABI of codecs. Another marker in the module would make MOSN look for
// imports that codecs do not have.
func (m *module) GetABINameList() []string {
	return abis
}

// Asked for with every frame, and only read.
var abis = []string{marker}

var errNotStarted = errors.New("the instance has not started")
