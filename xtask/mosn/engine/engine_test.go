package engine

import (
	"testing"

	"github.com/tetratelabs/wazero/api"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
	v1 "mosn.io/proxy-wasm-go-host/proxywasm/v1"

	// Registers the ABI of codecs, without which an instance has no imports.
	_ "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
)

var engine = New()

// started is a locked instance of a guest, with what its host functions reach.
func started(t *testing.T, guest []byte) (common.WasmInstance, *host) {
	t.Helper()
	module := engine.NewModule(guest)
	if module == nil {
		t.Fatal("the guest is refused")
	}
	instance := module.NewInstance()
	if err := instance.Start(); err != nil {
		t.Fatal(err)
	}
	host := &host{}
	instance.Lock(&v1.ABIContext{Imports: host})
	return instance, host
}

// host is the part of MOSN that locks an instance.
type host struct {
	v1.DefaultImportsHandler
	lines  []string
	buffer common.IoBuffer
}

func (h *host) Log(_ v1.LogLevel, line string) v1.WasmResult {
	h.lines = append(h.lines, line)
	return v1.WasmResultOk
}

func (h *host) GetCustomBuffer(v1.BufferType) common.IoBuffer {
	h.buffer = common.NewIoBufferBytes(nil)
	return h.buffer
}

func call(t *testing.T, instance common.WasmInstance, name string, args ...interface{}) interface{} {
	t.Helper()
	function, err := instance.GetExportsFunc(name)
	if err != nil {
		t.Fatal(err)
	}
	result, err := function.Call(args...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestArgumentsAreThoseOfTheCodec(t *testing.T) {
	instance, _ := started(t, codec(
		export{"second", signature{[]byte{i32, i32}, []byte{i32}}, []byte{opLocalGet, 1}},
		export{"wrap", signature{[]byte{i32, i64}, []byte{i32}}, []byte{opLocalGet, 1, opI32WrapI64}},
		export{"whole", signature{[]byte{i64}, []byte{i64}}, []byte{opLocalGet, 0}},
	))
	for _, length := range []int{0, 128, -1, -1 << 31} {
		if got := call(t, instance, "second", int32(7), length); got != int32(length) {
			t.Errorf("an int of %d arrives as %v", length, got)
		}
	}
	if got := call(t, instance, "wrap", int32(7), int64(1)<<32|5); got != int32(5) {
		t.Errorf("the low half of an id is %v", got)
	}
	if got := call(t, instance, "whole", int64(-3)); got != int64(-3) {
		t.Errorf("an i64 of -3 returns as %v", got)
	}
	if got := call(t, instance, marker); got != nil {
		t.Errorf("a function without result returns %v", got)
	}
}

func TestWrongArgumentsNeverEnterTheGuest(t *testing.T) {
	instance, _ := started(t, codec(
		export{"trap", signature{[]byte{i32}, nil}, []byte{opUnreachable}},
	))
	function, err := instance.GetExportsFunc("trap")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]interface{}{{}, {int32(1), int32(2)}, {"1"}, {1.5}, {nil}} {
		if _, err := function.Call(args...); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
	if _, err := instance.GetExportsFunc("missing"); err == nil {
		t.Error("a missing export is found")
	}
}

func TestATrapLeavesTheInstanceInUse(t *testing.T) {
	instance, _ := started(t, codec(
		export{"trap", signature{}, []byte{opUnreachable}},
		export{"five", signature{nil, []byte{i32}}, []byte{opI32Const, 5}},
	))
	trap, err := instance.GetExportsFunc("trap")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := trap.Call(); err == nil {
			t.Error("a trap is not an error")
		}
		if got := call(t, instance, "five"); got != int32(5) {
			t.Errorf("after a trap five is %v", got)
		}
	}
}

func TestHostFunctionsReachTheHostThatHasTheLock(t *testing.T) {
	// Both work on the 9 bytes at 64.
	line := []byte{opI32Const, 2, opI32Const, 0xc0, 0, opI32Const, 9, opCall, 0}
	buffer := []byte{opI32Const, 13, opI32Const, 0, opI32Const, 9, opI32Const, 0xc0, 0, opI32Const, 9, opCall, 1}
	instance, host := started(t, codec(
		export{"log", signature{nil, []byte{i32}}, line},
		export{"set", signature{nil, []byte{i32}}, buffer},
	))
	if err := instance.PutMemory(64, 9, []byte("a message")); err != nil {
		t.Fatal(err)
	}
	if got := call(t, instance, "log"); got != int32(0) {
		t.Errorf("the log answers %v", got)
	}
	if len(host.lines) != 1 || host.lines[0] != "[plugin] a message" {
		t.Errorf("the host has logged %q", host.lines)
	}
	if got := call(t, instance, "set"); got != int32(0) {
		t.Errorf("the buffer answers %v", got)
	}
	if got := string(host.buffer.Bytes()); got != "a message" {
		t.Errorf("the host has got %q", got)
	}
	instance.Unlock()
	instance.Lock(nil)
	if got := call(t, instance, "set"); got != v1.WasmResultNotFound.Int32() {
		t.Errorf("without a host the buffer answers %v", got)
	}
}

func TestWhatIsNoCodecIsRefused(t *testing.T) {
	none := signature{}
	for why, guest := range map[string][]byte{
		"no wasm":     []byte("GET / HTTP/1.1"),
		"no marker":   assemble([]export{{mallocExport, signature{[]byte{i32}, []byte{i32}}, []byte{opI32Const, 1}}}),
		"no malloc":   assemble([]export{{marker, none, nil}}),
		"void status": codec(export{"proxy_on_vm_start", signature{[]byte{i32, i32}, nil}, nil}),
		"void malloc": codec(export{mallocExport, signature{[]byte{i32}, nil}, nil}),
	} {
		if engine.NewModule(guest) != nil {
			t.Errorf("%s: accepted", why)
		}
	}
}

func TestAnInstanceThatTrapsInStartIsNotUsed(t *testing.T) {
	module := engine.NewModule(codec(export{"_start", signature{}, []byte{opUnreachable}}))
	instance := module.NewInstance()
	if instance.Start() == nil || instance.Acquire() {
		t.Error("the instance is in use")
	}
}

func TestEveryImportIsOffered(t *testing.T) {
	if len(imports) != 41 {
		t.Errorf("MOSN offers 41 imports, not %d", len(imports))
	}
	want := []api.ValueType{i32, i64}
	if got := imports["proxy_record_metric"].params(); string(got) != string(want) {
		t.Errorf("a metric takes %v", got)
	}
}
