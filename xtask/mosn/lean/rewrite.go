package lean

import (
	"encoding/binary"

	"mosn.io/mosn/pkg/types"
	"mosn.io/pkg/buffer"
)

// rewrite is a frame with another body, and with the front that an instance writes for it; nil if none can. Of a response
// to a request whose id is no number, that is the id.
func (f *fleet) rewrite(frame *frame, body []byte, opaque []byte) types.IoBuffer {
	guests := f.guests.Load()
	if guests == nil || len(*guests) == 0 || len(body) > mostBody {
		return nil
	}
	guest := f.lock(*guests)
	defer guest.instance.Unlock()
	if guest.broken || guest.rewrite == nil {
		return nil
	}
	written, err := guest.write(f.root, frame, body, opaque)
	if err != nil {
		guest.broken = true
		f.fail(err)
		return nil
	}
	return written
}

// write asks for the front, and puts the body after it; nothing is no error.
func (g *guest) write(root int32, frame *frame, body []byte, opaque []byte) (types.IoBuffer, error) {
	headers := 0
	for _, pair := range frame.Kvs {
		headers += 8 + len(pair.Key) + len(pair.Value)
	}
	if !frame.Changed {
		headers = 0
	}
	front := frame.found.body
	if frame.found.inBody {
		front, body = frame.found.length, nil
	}
	size := editSize + front + headers + len(opaque)
	if fits, err := g.fit(size, frame.found.inBody); !fits {
		return nil, err
	}
	room, err := memory(g.instance, g.room, uint32(size))
	if err != nil {
		return nil, err
	}
	order := binary.LittleEndian
	order.PutUint32(room, uint32(front))
	order.PutUint32(room[4:], uint32(len(body)))
	order.PutUint64(room[8:], frame.id)
	order.PutUint32(room[16:], keptHeaders)
	copy(room[editSize:], frame.raw[:front])
	// As it came: it may have gone out with another id.
	frame.patch(room[editSize:], frame.found.id, nil)
	if frame.Changed {
		order.PutUint32(room[16:], uint32(headers))
		putPairs(room[editSize+front:], frame)
	}
	copy(room[size-len(opaque):], opaque)
	word, err := g.rewrite.enter(root, int32(size))
	if err != nil {
		return nil, err
	}
	switch status, address := uint32(word>>32), uint32(word); status & 0xff {
	case isFrame:
		return g.written(address, body)
	case isClassic:
		return nil, nil
	default:
		return nil, errStatus
	}
}

// written is the front at an address, with a body.
func (g *guest) written(address uint32, body []byte) (types.IoBuffer, error) {
	fixed, err := memory(g.instance, address, frontSize)
	if err != nil {
		return nil, err
	}
	size, length := binary.LittleEndian.Uint32(fixed), binary.LittleEndian.Uint32(fixed[4:])
	if size < frontSize || size > mostFront || length == 0 || length > mostWritten {
		return nil, errRewrite
	}
	front, err := memory(g.instance, address+size, length)
	if err != nil {
		return nil, err
	}
	data := buffer.GetIoBuffer(len(front) + len(body))
	_, _ = data.Write(front)
	_, _ = data.Write(body)
	return data, nil
}

// putPairs writes headers as MOSN does it.
func putPairs(room []byte, frame *frame) {
	for _, pair := range frame.Kvs {
		for _, text := range [2][]byte{pair.Key, pair.Value} {
			binary.BigEndian.PutUint32(room, uint32(len(text)))
			room = room[4+copy(room[4:], text):]
		}
	}
}
