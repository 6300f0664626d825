package engine

import (
	"encoding/binary"
	"slices"
	"testing"

	"mosn.io/pkg/buffer"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
)

const (
	opReturn = 0x0f
	opIf     = 0x04
	opDrop   = 0x1a
	opI32LtU = 0x49
)

var decodeSignature = signature{[]byte{i32, i32, i32}, []byte{i32}}

// Where the guests below keep what they say of a frame: after all that is put into their memory.
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

// pattern is what a connection has unread.
func pattern(length int) []byte {
	content := make([]byte, length)
	for at := range content {
		content[at] = byte(at % 251)
	}
	return content
}

func decodes(t *testing.T, instance common.WasmInstance, host *host, unread int, want int32, offered ...int) {
	t.Helper()
	host.lines = nil
	status, err := callsOf(t, instance).instance.decode(7, pattern(unread))
	if err != nil || status != want {
		t.Errorf("of %d bytes the status is %v, %v", unread, status, err)
	}
	var lengths []int
	for _, line := range host.lines {
		content := line[len(logMark):]
		lengths = append(lengths, len(content))
		if content != string(pattern(len(content))) {
			t.Fatalf("%d other bytes are offered", len(content))
		}
	}
	if !slices.Equal(lengths, offered) {
		t.Errorf("of %d bytes the guest is offered %v", unread, lengths)
	}
}

func TestAGuestIsOfferedWhatFramesOfLateHad(t *testing.T) {
	instance, host := started(t, decoder())
	describe(t, instance, 10_000)
	ok, more := int32(0), needMoreData
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
		decodes(t, instance, host, 20_000, needMoreData, cheap)
		if host.buffer == nil {
			t.Errorf("%s: the host got no result", why)
		}
	}
}

func TestADecodeThatFailsIsAnError(t *testing.T) {
	mallocSignature := signature{[]byte{i32}, []byte{i32}}
	works := export{decodeExport, decodeSignature, []byte{opI32Const, 0}}
	for why, guest := range map[string][]byte{
		"is missing":      codec(),
		"traps":           codec(export{decodeExport, decodeSignature, []byte{opUnreachable}}),
		"refuses":         codec(export{decodeExport, decodeSignature, []byte{opI32Const, 4}}),
		"takes less":      codec(export{decodeExport, signature{nil, []byte{i32}}, []byte{opI32Const, 0}}),
		"malloc traps":    codec(works, export{mallocExport, mallocSignature, []byte{opUnreachable}}),
		"malloc is empty": codec(works, export{mallocExport, mallocSignature, []byte{opI32Const, 0}}),
		// -8: the input would end after the memory.
		"malloc returns a wrong address": codec(works, export{mallocExport, mallocSignature, []byte{opI32Const, 0x78}}),
	} {
		instance, _ := started(t, guest)
		for range 2 {
			unread := buffer.NewIoBufferBytes(pattern(100))
			if callsOf(t, instance).ProxyDecodeBufferBytes(1, unread) == nil {
				t.Errorf("%s: no error", why)
			}
		}
	}
}
