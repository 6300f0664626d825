package lean

import (
	"encoding/binary"
	"errors"

	"mosn.io/mosn/pkg/types"
)

// The numbers of `runtime/src/mosn/lean.rs`, where the exports are described.
const (
	offerExport   = "mw_lean_1"
	roomExport    = "mw_lean_room"
	decodeExport  = "mw_lean_decode"
	rewriteExport = "mw_lean_rewrite"

	offerSize  = 24
	answerSize = 36
	idSize     = 8
	editSize   = 20
	frontSize  = 8

	isFrame   = 0
	isMore    = 1
	isClassic = 2

	noHeaders     = 0
	blockInFrame  = 1
	blockInAnswer = 2
	laterHeaders  = 3

	hiddenBody    = 1
	headersInBody = 2

	littleEndian = 256
	opaqueID     = 512
	idInPlace    = 1024

	// In the place of the length of a header block: the headers stay as they are.
	keptHeaders = 1<<32 - 1
)

const (
	// A frame has its id in one or two places.
	mostIds = 4
	// Of a block that is not in the frame; such a front has 64 KiB at most.
	mostHeaders = 1 << 20
	// No front is longer, whatever a plugin says.
	mostFront = 1 << 16
	// The longest frame with headers in its body: all of it is in the plugin, whose memory never shrinks.
	mostWhole = 1 << 20
	// What a plugin has written again may be longer than it was.
	mostWritten = 2 << 20
	// No frame has a longer body.
	mostBody = 1<<31 - 1
)

// answer is what a plugin says of a frame, and true as far as it can be checked.
type answer struct {
	length  int
	body    int
	request bool
	hidden  bool
	ids     [mostIds]place
	places  int
	id      uint64
	word    uint32
	// The id is no number: where it is, and whether it has as many bytes in every frame.
	opaque  span
	inPlace bool
	// The headers are in the body, and known of all of the frame.
	inBody bool
	// They are not known yet, nor is the timeout of a request.
	later bool
	// The headers in the frame, or a copy of them.
	headersAt  int
	headersLen int
	headers    []byte
}

// span is some bytes of a frame.
type span struct {
	at  int
	len int
}

func (s span) of(frame []byte) []byte {
	return frame[s.at : s.at+s.len]
}

// place is where an id is in a frame.
type place struct {
	at     int
	width  int
	little bool
	// Of a field of bits, how many, and how many are below it; else all are the field's.
	bits  int
	shift int
}

var (
	errAnswer  = errors.New("the plugin's answer about a frame is wrong")
	errStatus  = errors.New("the plugin has returned an unknown status for a frame")
	errFront   = errors.New("the plugin asks for bytes of a frame that it has")
	errOffer   = errors.New("the plugin's offer to read fronts of frames is wrong")
	errResult  = errors.New("the plugin returns something else than a number")
	errAddress = errors.New("the plugin's answer is not in its memory")
	errRewrite = errors.New("the plugin has written a front that cannot be one")
)

// read takes the answer at an address, about a frame of whose front the plugin has seen so many bytes.
func (a *answer) read(instance types.WasmInstance, address uint32, seen int) error {
	fixed, err := memory(instance, address, answerSize)
	if err != nil {
		return err
	}
	order := binary.LittleEndian
	size := int(order.Uint32(fixed))
	a.length = int(order.Uint32(fixed[4:]))
	a.request = fixed[8] == 1
	a.hidden = fixed[9]&hiddenBody != 0
	a.inBody = fixed[9]&headersInBody != 0
	a.places = int(fixed[10])
	mode := fixed[11]
	a.later = mode == laterHeaders
	a.id = order.Uint64(fixed[12:])
	a.word = order.Uint32(fixed[20:])
	a.body = int(order.Uint32(fixed[24:]))
	a.headersAt = int(order.Uint32(fixed[28:]))
	a.headersLen = int(order.Uint32(fixed[32:]))
	known := fixed[8] <= 1 && fixed[9] <= hiddenBody|headersInBody && mode <= laterHeaders
	if !known || a.places > mostIds || size < answerSize+a.places*idSize || size > mostFront {
		return errAnswer
	}
	// The plugin says nothing of bytes that it has not seen.
	if a.length == 0 || a.body > seen || a.body > a.length {
		return errAnswer
	}
	// Of a frame that it has seen it knows all.
	if a.later && (!a.inBody || a.length <= seen) {
		return errAnswer
	}
	if err := a.readIds(instance, address); err != nil {
		return err
	}
	switch mode {
	case noHeaders, laterHeaders:
		a.headersAt, a.headersLen, a.headers = 0, 0, nil
	case blockInFrame:
		if a.headersAt > a.body || a.headersLen > a.body-a.headersAt {
			return errAnswer
		}
	case blockInAnswer:
		if a.headersLen > mostHeaders {
			return errAnswer
		}
		block, err := memory(instance, address+uint32(size), uint32(a.headersLen))
		if err != nil {
			return err
		}
		a.headersAt, a.headersLen = 0, 0
		a.headers = append([]byte(nil), block...)
	}
	return nil
}

func (a *answer) readIds(instance types.WasmInstance, address uint32) error {
	list, err := memory(instance, address+answerSize, uint32(a.places*idSize))
	if err != nil {
		return err
	}
	order := binary.LittleEndian
	a.opaque, a.inPlace = span{}, false
	for index := range a.places {
		entry := list[index*idSize:]
		at, form := order.Uint32(entry), order.Uint32(entry[4:])
		if form&opaqueID != 0 {
			return a.readOpaque(at, form)
		}
		width, shift, bits := int(form&0xff), int(form>>16&0xff), int(form>>24)
		if width < 1 || width > 8 || int(at) > a.body-width || shift+bits > 8*width {
			return errAnswer
		}
		if bits == 0 {
			bits, shift = 8*width, 0
		}
		a.ids[index] = place{at: int(at), width: width, little: form&littleEndian != 0, bits: bits, shift: shift}
	}
	return nil
}

// readOpaque takes the place of an id that is no number, which is the only one.
func (a *answer) readOpaque(at uint32, form uint32) error {
	a.opaque = span{int(at), int(form >> 16)}
	a.inPlace = form&idInPlace != 0
	shortest := 1
	if a.inPlace {
		shortest = len(mark) + 8
	}
	if a.places != 1 || a.opaque.len < shortest || a.opaque.at > a.body-a.opaque.len {
		return errAnswer
	}
	a.places = 0
	return nil
}

// isOpaque is whether the id is no number.
func (a *answer) isOpaque() bool {
	return a.opaque.len > 0
}

// block is the headers of the frame at the front of some bytes.
func (a *answer) block(front []byte) []byte {
	if a.headers != nil {
		return a.headers
	}
	return front[a.headersAt : a.headersAt+a.headersLen]
}

// parse is whether the headers are whole pairs that MOSN lists. Its parser treats others in a way of its own, so
// they are left to it.
func (a *answer) parse(front []byte) bool {
	block := a.block(front)
	for len(block) > 0 {
		key, after, ok := text(block)
		if !ok || len(key) == 0 {
			return false
		}
		if _, block, ok = text(after); !ok {
			return false
		}
	}
	return true
}

// text is the one at the front of a header block, after its length, and what follows. It has no capacity beyond
// its end.
func text(block []byte) (text []byte, after []byte, ok bool) {
	if len(block) < 4 {
		return nil, nil, false
	}
	// That of "no value" is longer than any block.
	length := uint64(binary.BigEndian.Uint32(block))
	block = block[4:]
	if length > uint64(len(block)) {
		return nil, nil, false
	}
	return block[:length:length], block[length:], true
}

// memory is a view of a guest's memory, which lasts until the guest is entered again.
func memory(instance types.WasmInstance, address uint32, size uint32) ([]byte, error) {
	// Above 2 GiB MOSN's other engine takes addresses for negative numbers.
	if uint64(address)+uint64(size) > 1<<31 {
		return nil, errAddress
	}
	view, err := instance.GetMemory(uint64(address), uint64(size))
	if err != nil {
		return nil, err
	}
	if len(view) != int(size) {
		return nil, errAddress
	}
	return view, nil
}

// mark is before the number in an id that is no number, as `runtime/src/frame/opaque.rs` writes one; zeros follow it.
const mark = "meshwire"

// putMarked writes a number as such an id.
func putMarked(id []byte, number uint64) {
	rest := id[copy(id, mark):]
	binary.BigEndian.PutUint64(rest, number)
	clear(rest[8:])
}

// holds is whether an id fits.
func (p place) holds(id uint64) bool {
	return id>>p.bits == 0
}

// put writes an id that fits, and leaves bits that are not its own.
func (p place) put(frame []byte, id uint64) {
	var bytes [8]byte
	field := frame[p.at : p.at+p.width]
	own := ^uint64(0) >> (64 - p.bits) << p.shift
	if p.little {
		copy(bytes[:], field)
		binary.LittleEndian.PutUint64(bytes[:], binary.LittleEndian.Uint64(bytes[:])&^own|id<<p.shift)
		copy(field, bytes[:])
	} else {
		copy(bytes[8-p.width:], field)
		binary.BigEndian.PutUint64(bytes[:], binary.BigEndian.Uint64(bytes[:])&^own|id<<p.shift)
		copy(field, bytes[8-p.width:])
	}
}
