package engine

import (
	"testing"

	"mosn.io/proxy-wasm-go-host/proxywasm/common"
)

var hijackSignature = signature{[]byte{i32, i32, i32, i32}, []byte{i32}}

// hijackAsMOSN makes the calls that MOSN makes, and stops at the first error as MOSN does, which
// then keeps the instance locked.
func hijackAsMOSN(t *testing.T, instance common.WasmInstance) {
	t.Helper()
	function, err := instance.GetExportsFunc(hijackExport)
	if err != nil {
		t.Fatal(err)
	}
	input := []byte("the request")
	address, err := instance.Malloc(int32(len(input)))
	if err != nil {
		t.Fatal(err)
	}
	if err := instance.PutMemory(address, uint64(len(input)), input); err != nil {
		t.Fatal(err)
	}
	status, err := function.Call(int32(1), int32(504), int32(address), len(input))
	if err != nil {
		t.Fatal(err)
	}
	if status != int32(0) {
		t.Fatalf("status %v", status)
	}
}

func TestNoHijackFails(t *testing.T) {
	mallocSignature := signature{[]byte{i32}, []byte{i32}}
	trapping := export{hijackExport, hijackSignature, []byte{opUnreachable}}
	for why, guest := range map[string][]byte{
		"works":           codec(export{hijackExport, hijackSignature, []byte{opI32Const, 0}}),
		"refuses":         codec(export{hijackExport, hijackSignature, []byte{opI32Const, 10}}),
		"traps":           codec(trapping),
		"is missing":      codec(),
		"takes less":      codec(export{hijackExport, signature{nil, []byte{i32}}, []byte{opI32Const, 0}}),
		"malloc traps":    codec(trapping, export{mallocExport, mallocSignature, []byte{opUnreachable}}),
		"malloc is empty": codec(trapping, export{mallocExport, mallocSignature, []byte{opI32Const, 0}}),
		// -8: the input would end behind the memory.
		"malloc lies": codec(trapping, export{mallocExport, mallocSignature, []byte{opI32Const, 0x78}}),
	} {
		t.Run(why, func(t *testing.T) {
			instance, _ := started(t, guest)
			hijackAsMOSN(t, instance)
			hijackAsMOSN(t, instance)
		})
	}
}

func TestOnlyAHijackIsForgiven(t *testing.T) {
	instance, _ := started(t, codec(
		export{mallocExport, signature{[]byte{i32}, []byte{i32}}, []byte{opI32Const, 0}},
	))
	fails := func(when string) {
		if _, err := instance.Malloc(1); err == nil {
			t.Errorf("%s: a guest without memory is no error", when)
		}
	}
	fails("before")
	hijackAsMOSN(t, instance)
	fails("after")
	if _, err := instance.GetExportsFunc(hijackExport); err != nil {
		t.Fatal(err)
	}
	instance.Unlock()
	instance.Lock(nil)
	fails("in the next turn")
}
