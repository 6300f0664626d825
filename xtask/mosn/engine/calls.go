package engine

import (
	"errors"
	"fmt"

	mosn "mosn.io/api"
	"mosn.io/mosn/pkg/log"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/mosn/pkg/types"
	"mosn.io/mosn/pkg/wasm/abi"
	"mosn.io/mosn/pkg/wasm/abi/proxywasm010"
	"mosn.io/pkg/buffer"
	v1 "mosn.io/proxy-wasm-go-host/proxywasm/v1"
)

// Takes the place of MOSN's own calls, for instances of this engine only.
func init() {
	abi.RegisterABI(marker, newCalls)
}

// calls is what MOSN calls an instance through, under its lock. It makes those calls that every frame
// needs without what MOSN's own would put together first: arguments in boxes, and a copy of all that
// goes into the guest.
type calls struct {
	xwasm.AbiV2Impl
	instance *instance
}

// newCalls is asked for with every frame.
func newCalls(of types.WasmInstance) types.ABI {
	instance, ok := of.(*instance)
	if !ok {
		others := &xwasm.AbiV2Impl{}
		others.SetInstance(of)
		others.SetImports(&proxywasm010.DefaultImportsHandler{Instance: of})
		return others
	}
	own := &calls{instance: instance}
	own.SetInstance(of)
	// Until MOSN says who.
	own.SetImports(noHost)
	return own
}

func (c *calls) ProxyOnContextCreate(context int32, parent int32) error {
	_, err := c.instance.exports.create.enter(word(context), word(parent))
	return err
}

func (c *calls) ProxyOnDelete(context int32) error {
	_, err := c.instance.exports.delete.enter(word(context))
	return err
}

func (c *calls) ProxyDecodeBufferBytes(context int32, unread types.IoBuffer) error {
	status, err := c.instance.decode(context, unread.Bytes())
	switch {
	case err != nil:
		return err
	case status == needMoreData:
		return nil
	default:
		return accepted(decodeExport, status)
	}
}

func (c *calls) ProxyEncodeRequestBufferBytes(context int32, frame mosn.XFrame) error {
	request, ok := frame.(*xwasm.Request)
	if !ok {
		return errForeignFrame
	}
	return c.encode(context, &message{
		headers: request.Kvs,
		flag:    requestFlag(request),
		id:      request.GetRequestId(),
		before:  request.RpcId,
		detail:  request.Timeout,
		data:    content(request.GetData()),
	})
}

func (c *calls) ProxyEncodeResponseBufferBytes(context int32, frame mosn.XRespFrame) error {
	response, ok := frame.(*xwasm.Response)
	if !ok {
		return errForeignFrame
	}
	flag := xwasm.RpcResponseFlag
	if response.IsHeartbeatFrame() {
		flag |= xwasm.HeartBeatFlag
	}
	defer recycle(response)
	return c.encode(context, &message{
		headers: response.Kvs,
		flag:    flag,
		id:      response.GetRequestId(),
		before:  response.RpcId,
		detail:  response.GetStatusCode(),
		data:    content(response.GetData()),
	})
}

// recycle gives the copy of the whole frame back to where MOSN has it from. It is there to answer a
// request with in its upstream's place; that of a response is not used, and MOSN, which means to
// give it back too, misses it.
func recycle(response *xwasm.Response) {
	if response.Data != nil {
		// An error would say that it has been given back before.
		_ = buffer.PutIoBuffer(response.Data)
		response.Data = nil
	}
}

func (c *calls) encode(context int32, message *message) error {
	c.instance.reported = false
	if err := c.pass(c.instance.exports.encode, message, word(context)); err != nil {
		return err
	}
	if !c.instance.reported {
		// MOSN would panic, or send the previous result.
		return errNothingEncoded
	}
	return nil
}

// ProxyHijackBufferBytes announces that MOSN answers a request itself; the encode that follows makes
// the answer. If this failed, MOSN would return without unlocking the instance, and soon every
// connection would wait for it. So it never does: a guest that cannot hijack leaves one call without
// an answer.
func (c *calls) ProxyHijackBufferBytes(context int32, frame mosn.XFrame, code uint32) error {
	if err := c.hijack(context, frame, code); err != nil {
		log.DefaultLogger.Errorf("[%s] no response to a call: %v", Name, err)
	}
	return nil
}

func (c *calls) hijack(context int32, frame mosn.XFrame, code uint32) error {
	request, ok := frame.(*xwasm.Request)
	if !ok {
		return errForeignFrame
	}
	return c.pass(c.instance.exports.hijack, &message{
		flag:   requestFlag(request),
		id:     request.GetRequestId(),
		before: request.GetRequestId(),
		detail: request.Timeout,
		// All of the frame, as it came.
		data: content(request.Data),
	}, word(context), uint64(code))
}

// pass gives a message to an export that takes its place and length after other arguments.
func (c *calls) pass(to *function, message *message, args ...uint64) error {
	size := message.size()
	address, room, err := c.instance.input(size)
	if err != nil {
		return err
	}
	message.write(room)
	var words [4]uint64
	count := copy(words[:], args)
	words[count], words[count+1] = address, uint64(size)
	status, err := to.status(words[:count+2]...)
	if err != nil {
		return err
	}
	return accepted(to.name, status)
}

func requestFlag(request *xwasm.Request) byte {
	flag := xwasm.RpcRequestFlag
	if request.IsHeartbeatFrame() {
		flag |= xwasm.HeartBeatFlag
	}
	if request.GetStreamType() == mosn.RequestOneWay {
		flag |= xwasm.RpcOneWayRequestFlag
	}
	return flag
}

var (
	errForeignFrame   = errors.New("the frame belongs to another codec")
	errNothingEncoded = errors.New("the plugin returned an empty frame")
)

func content(of types.IoBuffer) []byte {
	if of == nil {
		return nil
	}
	return of.Bytes()
}

func accepted(name string, status int32) error {
	if status == v1.WasmResultOk.Int32() {
		return nil
	}
	return fmt.Errorf("%s of the plugin returned %d", name, status)
}
