package engine

import (
	"testing"

	mosn "mosn.io/api"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/mosn/pkg/wasm/abi"
	"mosn.io/mosn/pkg/wasm/abi/ext/xproxywasm020"
	"mosn.io/pkg/buffer"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
)

func callsOf(t *testing.T, instance common.WasmInstance) *calls {
	t.Helper()
	calls, ok := abi.GetABI(instance, xproxywasm020.AbiV2).(*calls)
	if !ok {
		t.Fatal("MOSN has other calls")
	}
	return calls
}

var encodeSignature = decodeSignature

// encoder logs what it is to encode, and sets the result to some bytes of it.
var encoder = export{encodeExport, encodeSignature, join(logsItsInput,
	[]byte{opI32Const, 14, opI32Const, 0, opI32Const, 9, opLocalGet, 1, opI32Const, 9, opCall, 1},
)}

func TestAFrameIsPassedOnAsMOSNPassesIt(t *testing.T) {
	instance, host := started(t, codec(encoder))
	headers := "\x00\x00\x00\x01k\x00\x00\x00\x01v" + "\x00\x00\x00\x03key\x00\x00\x00\x00"
	ids := "\x00\x00\x00\x00\x00\x00\x00\x09" + "\x00\x00\x00\x00\x00\x00\x00\x07"
	heartbeat := aRequest()
	heartbeat.Flag = xwasm.HeartBeatFlag
	response := xwasm.NewWasmResponseWithId(7, nil, nil)
	response.Status = 4
	response.SetRequestId(9)
	for _, one := range []struct {
		frame mosn.XFrame
		want  string
	}{
		{aRequest(), "\x00\x00\x00\x15" + headers + "\x40" + ids + "\x00\x00\x03\xe8" + "\x00\x00\x00\x04body"},
		{heartbeat, "\x00\x00\x00\x15" + headers + "\x60" + ids + "\x00\x00\x03\xe8" + "\x00\x00\x00\x04body"},
		{response, "\x00\x00\x00\x00" + "\x00" + ids + "\x00\x00\x00\x04" + "\x00\x00\x00\x00"},
	} {
		host.lines = nil
		var err error
		switch frame := one.frame.(type) {
		case *xwasm.Request:
			err = callsOf(t, instance).ProxyEncodeRequestBufferBytes(1, frame)
		case *xwasm.Response:
			err = callsOf(t, instance).ProxyEncodeResponseBufferBytes(1, frame)
		}
		if err != nil || len(host.lines) != 1 || host.lines[0] != logMark+one.want {
			t.Errorf("for a %T the guest gets %q, %v", one.frame, host.lines, err)
		}
		if got := string(host.buffer.Bytes()); got != one.want[:9] {
			t.Errorf("MOSN gets %q", got)
		}
	}
}

func TestTheFrameOfAResponseIsGivenBack(t *testing.T) {
	instance, _ := started(t, codec(encoder))
	frame := buffer.GetIoBuffer(100)
	response := xwasm.NewWasmResponseWithId(7, nil, nil)
	response.Data = frame
	if err := callsOf(t, instance).ProxyEncodeResponseBufferBytes(1, response); err != nil {
		t.Fatal(err)
	}
	if response.Data != nil || buffer.PutIoBuffer(frame) == nil {
		t.Error("it is not")
	}
	request := aRequest()
	kept := request.Data
	if err := callsOf(t, instance).ProxyEncodeRequestBufferBytes(1, request); err != nil {
		t.Fatal(err)
	}
	if request.Data != kept || kept.Len() == 0 {
		t.Error("that of a request is lost, which a hijack needs")
	}
}

func TestAnEncodeThatFailsIsAnError(t *testing.T) {
	for why, guest := range map[string][]byte{
		"is missing":   codec(),
		"traps":        codec(export{encodeExport, encodeSignature, []byte{opUnreachable}}),
		"refuses":      codec(export{encodeExport, encodeSignature, []byte{opI32Const, 4}}),
		"says nothing": codec(export{encodeExport, encodeSignature, []byte{opI32Const, 0}}),
	} {
		instance, host := started(t, guest)
		if callsOf(t, instance).ProxyEncodeRequestBufferBytes(1, aRequest()) == nil {
			t.Errorf("%s: no error, %v", why, host.buffer)
		}
	}
	instance, _ := started(t, codec(encoder))
	if callsOf(t, instance).ProxyEncodeRequestBufferBytes(1, foreign{}) == nil {
		t.Error("a frame of another codec is encoded")
	}
}

// foreign is a frame of another codec.
type foreign struct{ mosn.XFrame }

func TestContextsComeAndGo(t *testing.T) {
	pair, one := signature{[]byte{i32, i32}, nil}, signature{[]byte{i32}, nil}
	instance, _ := started(t, codec(export{createExport, pair, nil}, export{deleteExport, one, nil}))
	calls := callsOf(t, instance)
	if err := calls.ProxyOnContextCreate(-2, 1); err != nil {
		t.Error(err)
	}
	if err := calls.ProxyOnDelete(-2); err != nil {
		t.Error(err)
	}
	instance, _ = started(t, codec(export{createExport, one, nil}, export{deleteExport, one, []byte{opUnreachable}}))
	calls = callsOf(t, instance)
	if calls.ProxyOnContextCreate(1, 1) == nil || calls.ProxyOnDelete(1) == nil {
		t.Error("what fails is not an error")
	}
}

func TestWhatIsNotCompleteIsNoError(t *testing.T) {
	instance, host := started(t, decoder())
	if err := callsOf(t, instance).ProxyDecodeBufferBytes(1, buffer.NewIoBufferBytes(pattern(100))); err != nil {
		t.Error(err)
	}
	if host.buffer != nil {
		t.Error("MOSN takes it for a frame")
	}
}

func TestOtherEnginesKeepMOSNsCalls(t *testing.T) {
	if _, ok := newCalls(nil).(*xwasm.AbiV2Impl); !ok {
		t.Error("an instance of another engine has our calls")
	}
}
