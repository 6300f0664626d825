package engine

import (
	"testing"

	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/pkg/buffer"
)

var hijackSignature = signature{[]byte{i32, i32, i32, i32}, []byte{i32}}

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
		// -8: the input would end after the memory.
		"malloc returns a wrong address": codec(trapping, export{mallocExport, mallocSignature, []byte{opI32Const, 0x78}}),
	} {
		t.Run(why, func(t *testing.T) {
			instance, _ := started(t, guest)
			for range 2 {
				if err := callsOf(t, instance).ProxyHijackBufferBytes(1, aRequest(), 504); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestAHijackPassesTheRequestOn(t *testing.T) {
	instance, host := started(t, codec(export{hijackExport, hijackSignature, join(
		[]byte{opI32Const, 2, opLocalGet, 2, opLocalGet, 3, opCall, 0, opDrop},
		[]byte{opLocalGet, 1},
	)}))
	if err := callsOf(t, instance).hijack(1, aRequest(), 504); err == nil {
		t.Error("a refusal is not an error")
	}
	want := logMark + "\x00\x00\x00\x00" + "\x40" +
		"\x00\x00\x00\x00\x00\x00\x00\x09" + "\x00\x00\x00\x00\x00\x00\x00\x09" +
		"\x00\x00\x03\xe8" + "\x00\x00\x00\x07" + "as sent"
	if len(host.lines) != 1 || host.lines[0] != want {
		t.Errorf("the guest gets %q", host.lines)
	}
}

// aRequest has id 9, which was 7, a timeout of a second, two headers and a body.
func aRequest() *xwasm.Request {
	request := xwasm.NewWasmRequestWithId(7, nil, buffer.NewIoBufferString("body"))
	request.Flag = xwasm.RpcRequestFlag
	request.Timeout = 1000
	request.Header.Set("k", "v")
	request.Header.Set("key", "")
	request.Data = buffer.NewIoBufferString("as sent")
	request.SetRequestId(9)
	return request
}
