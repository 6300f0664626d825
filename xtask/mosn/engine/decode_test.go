package engine

import (
	"encoding/binary"
	"slices"
	"testing"

	"mosn.io/proxy-wasm-go-host/proxywasm/common"
)

const (
	opReturn = 0x0f
	opIf     = 0x04
	opDrop   = 0x1a
	opI32LtU = 0x49
)

var decodeSignature = signature{[]byte{i32, i32, i32}, []byte{i32}}

// Where the guests below keep what they say of a frame: behind all that is put into their memory.
const description = 60_000

var (
	const99          = []byte{opI32Const, 0xe3, 0}
	logsItsInput     = []byte{opI32Const, 2, opLocalGet, 1, opLocalGet, 2, opCall, 0, opDrop}
	asksForMore      = []byte{opLocalGet, 2, opI32Const, 0xa8, 0xc6, 0, opI32LtU, opIf, 0x40, opI32Const, 0xe3, 0, opReturn, opEnd}
	describesAFrame  = []byte{opI32Const, 13, opI32Const, 0, opI32Const, 25, opI32Const, 0xe0, 0xd4, 3, opI32Const, 25, opCall, 1}
	describesNothing = []byte{opI32Const, 13, opI32Const, 0, opI32Const, 0x7f, opI32Const, 0, opI32Const, 0, opCall, 1}
)

// decoder logs all that is offered to it, wants 9000 bytes, and then says what describe has put down.
func decoder() []byte {
	return codec(export{decodeExport, decodeSignature, join(logsItsInput, asksForMore, describesAFrame)})
}

func describe(t *testing.T, instance common.WasmInstance, frame int) {
	t.Helper()
	said := make([]byte, 25)
	binary.BigEndian.PutUint32(said[17:], uint32(frame))
	if err := instance.PutMemory(description, 25, said); err != nil {
		t.Fatal(err)
	}
}

// decodeAsMOSN makes the calls that MOSN makes for the bytes that a connection has unread.
func decodeAsMOSN(t *testing.T, instance common.WasmInstance, unread int) (interface{}, error) {
	t.Helper()
	function, err := instance.GetExportsFunc(decodeExport)
	if err != nil {
		t.Fatal(err)
	}
	content := make([]byte, unread)
	for at := range content {
		content[at] = byte(at % 251)
	}
	address, err := instance.Malloc(int32(unread))
	if err != nil {
		return nil, err
	}
	if err := instance.PutMemory(address, uint64(unread), content); err != nil {
		return nil, err
	}
	return function.Call(int32(7), int32(address), unread)
}

func decodes(t *testing.T, instance common.WasmInstance, host *host, unread int, want interface{}, offered ...int) {
	t.Helper()
	host.lines = nil
	status, err := decodeAsMOSN(t, instance, unread)
	if err != nil || status != want {
		t.Errorf("of %d bytes the status is %v, %v", unread, status, err)
	}
	var lengths []int
	for _, line := range host.lines {
		content := line[len(logMark):]
		lengths = append(lengths, len(content))
		for at := range len(content) {
			if content[at] != byte(at%251) {
				t.Fatalf("byte %d of %d is wrong", at, len(content))
			}
		}
	}
	if !slices.Equal(lengths, offered) {
		t.Errorf("of %d bytes the guest is offered %v", unread, lengths)
	}
}

func TestAGuestIsOfferedWhatFramesOfLateHad(t *testing.T) {
	instance, host := started(t, decoder())
	describe(t, instance, 10_000)
	ok, more := int32(0), int32(needMoreData)
	decodes(t, instance, host, 100, more, 100)
	decodes(t, instance, host, 8_000, more, 4096, 8_000)
	decodes(t, instance, host, 20_000, ok, 4096, 20_000)
	decodes(t, instance, host, 20_000, ok, 10_000)
	decodes(t, instance, host, 10_000, ok, 10_000)
	describe(t, instance, 15_000)
	decodes(t, instance, host, 15_000, ok, 10_000)
	decodes(t, instance, host, 20_000, ok, 15_000)
}

func TestLongFramesAreForgotten(t *testing.T) {
	var frames frames
	saw := func(length int) {
		said := make([]byte, 25)
		binary.BigEndian.PutUint32(said[17:], uint32(length))
		frames.saw(said)
	}
	saw(100_000)
	for range late {
		saw(100)
	}
	if got := frames.offer(1 << 20); got != 100_000 {
		t.Errorf("soon after a long frame %d bytes are offered", got)
	}
	for range late {
		saw(100)
	}
	if got := frames.offer(1 << 20); got != cheap {
		t.Errorf("long after a long frame %d bytes are offered", got)
	}
	for _, odd := range [][]byte{nil, {0, 0, 0, 1}, {0xff, 0xff, 0xff, 0xff, 0}, make([]byte, 20)} {
		frames.saw(odd)
	}
	if got := frames.offer(1 << 20); got != cheap {
		t.Errorf("what says nothing makes an offer of %d bytes", got)
	}
}

func TestAGuestThatHasSaidSomethingIsNotAskedAgain(t *testing.T) {
	// MOSN looks at what was said, even if that was refused, and not at the status.
	for why, says := range map[string][]byte{"a frame": describesAFrame, "nothing": describesNothing} {
		guest := join(logsItsInput, says, []byte{opDrop}, const99)
		instance, host := started(t, codec(export{decodeExport, decodeSignature, guest}))
		decodes(t, instance, host, 20_000, int32(needMoreData), cheap)
		if host.buffer == nil {
			t.Errorf("%s: the host has not been told", why)
		}
	}
}

func TestADecodeThatFailsLeavesNothingBehind(t *testing.T) {
	mallocSignature := signature{[]byte{i32}, []byte{i32}}
	works := export{decodeExport, decodeSignature, []byte{opI32Const, 0}}
	for why, guest := range map[string][]byte{
		"traps":           codec(export{decodeExport, decodeSignature, []byte{opUnreachable}}),
		"takes less":      codec(export{decodeExport, signature{nil, []byte{i32}}, []byte{opI32Const, 0}}),
		"malloc traps":    codec(works, export{mallocExport, mallocSignature, []byte{opUnreachable}}),
		"malloc is empty": codec(works, export{mallocExport, mallocSignature, []byte{opI32Const, 0}}),
		// -8: the input would end behind the memory.
		"malloc lies": codec(works, export{mallocExport, mallocSignature, []byte{opI32Const, 0x78}}),
	} {
		instance, _ := started(t, guest)
		for range 2 {
			if status, err := decodeAsMOSN(t, instance, 100); err == nil {
				t.Errorf("%s: the status is %v", why, status)
			}
		}
		instance.Unlock()
		instance.Lock(nil)
		if err := instance.PutMemory(64, 1, []byte{42}); err != nil {
			t.Errorf("%s: %v", why, err)
		}
		if got, _ := instance.GetByte(64); got != 42 {
			t.Errorf("%s: memory is not written", why)
		}
	}
}

func TestWhatIsHeldForDecodeIsForDecodeOnly(t *testing.T) {
	instance, _ := started(t, codec(
		export{decodeExport, decodeSignature, []byte{opLocalGet, 1}},
	))
	function, err := instance.GetExportsFunc(decodeExport)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := function.Call(int32(1), int32(2), 3); got != int32(2) {
		t.Errorf("without input the guest gets %v, %v", got, err)
	}
	// MOSN gives up here, and goes on with something else.
	if _, err := instance.GetExportsFunc(mallocExport); err != nil {
		t.Fatal(err)
	}
	if address, err := instance.Malloc(8); address != 16 || err != nil {
		t.Errorf("memory for something else is at %d, %v", address, err)
	}
}
