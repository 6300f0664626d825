package lean

import (
	"encoding/binary"
	"runtime"
	"sync/atomic"

	v2 "mosn.io/mosn/pkg/config/v2"
	"mosn.io/mosn/pkg/log"
	"mosn.io/mosn/pkg/types"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
)

const (
	// The first bytes of a connection that a plugin gets: most fronts are shorter.
	firstWindow = 256
	// How far that grows with longer fronts.
	largestWindow = 2048
	// How often a goroutine looks for an instance that nobody uses before it waits for one.
	attempts = 30
)

// fleet is the instances of a plugin that can be asked about fronts. MOSN calls it at each update.
type fleet struct {
	root     int32
	counters *counters
	guests   atomic.Pointer[[]*guest]
	// The largest number of a request that is an id as it is.
	largest atomic.Uint64
	window  atomic.Int64
	turn    atomic.Uint32
	// The first failure is logged.
	failed atomic.Bool
}

var _ types.WasmPluginHandler = (*fleet)(nil)

// guest is one instance; all of it is used under its lock.
type guest struct {
	instance types.WasmInstance
	decode   function
	// It writes fronts again, if it does.
	rewrite *function
	// It makes its room larger, if it does.
	grow common.WasmFunction
	// Where it reads fronts, and how long they may be.
	room uint32
	size int
	// It has failed once: its memory may be in any state.
	broken bool
}

// function is an export with two parameters.
type function struct {
	common.WasmFunction
	direct direct
}

// direct is a function that takes two i32 as they are.
type direct interface {
	Enter(first uint32, second uint32) (uint64, error)
}

// lockable is an instance that says whether it is in use.
type lockable interface {
	TryLock(data interface{}) bool
}

// reply is what a plugin says of a front, but for the frame.
type reply struct {
	status byte
	// How many bytes have to be there for another reply, of the plugin or of MOSN's codec.
	need int
	why  why
}

func classic(why why) reply {
	return reply{status: isClassic, why: why}
}

func (f *fleet) OnConfigUpdate(v2.WasmPluginConfig) {}

func (f *fleet) OnPluginDestroy(types.WasmPlugin) {}

// OnPluginStart is called when the plugin is there, and with each that takes its place: MOSN has configured its
// instances.
func (f *fleet) OnPluginStart(plugin types.WasmPlugin) {
	var guests []*guest
	plugin.Exec(func(instance types.WasmInstance) bool {
		// Never released, as MOSN's codec does it: an instance that is asked must not end.
		if !instance.Acquire() {
			return true
		}
		guest, largest, err := f.enlist(instance)
		if err != nil {
			f.fail(err)
		}
		if guest != nil {
			guests = append(guests, guest)
			f.largest.Store(largest)
		}
		return true
	})
	f.failed.Store(false)
	f.window.Store(firstWindow)
	f.guests.Store(&guests)
}

// enlist asks an instance what it offers; nothing is no error.
func (f *fleet) enlist(instance types.WasmInstance) (*guest, uint64, error) {
	offer, err := instance.GetExportsFunc(offerExport)
	if err != nil {
		return nil, 0, nil
	}
	guest := &guest{instance: instance}
	if guest.decode, err = exported(instance, decodeExport); err != nil {
		return nil, 0, err
	}
	instance.Lock(nil)
	defer instance.Unlock()
	address, err := number(offer.Call(f.root))
	if err != nil || address == 0 {
		return nil, 0, err
	}
	bytes, err := memory(instance, uint32(address), offerSize)
	if err != nil {
		return nil, 0, err
	}
	order := binary.LittleEndian
	guest.room, guest.size = order.Uint32(bytes[4:]), int(min(order.Uint32(bytes[8:]), mostFront))
	if _, err := memory(instance, guest.room, uint32(guest.size)); err != nil {
		return nil, 0, err
	}
	if order.Uint32(bytes) < offerSize || guest.size < firstWindow {
		return nil, 0, errOffer
	}
	if bytes[12] == 1 {
		// The first plugins that offered to be asked about fronts did not have it.
		if rewrite, err := exported(instance, rewriteExport); err == nil {
			guest.rewrite = &rewrite
		}
	}
	// A plugin without it reads no frame that is longer than its room.
	guest.grow, _ = instance.GetExportsFunc(roomExport)
	return guest, order.Uint64(bytes[16:]), nil
}

func exported(instance types.WasmInstance, name string) (function, error) {
	export, err := instance.GetExportsFunc(name)
	if err != nil {
		return function{}, err
	}
	direct, _ := export.(direct)
	return function{export, direct}, nil
}

// enter calls it.
func (f function) enter(first int32, second int32) (uint64, error) {
	if f.direct != nil {
		return f.direct.Enter(uint32(first), uint32(second))
	}
	return number(f.Call(first, second))
}

// number is the result of a function that returns one.
func number(result interface{}, err error) (uint64, error) {
	switch result := result.(type) {
	case int32:
		return uint64(uint32(result)), err
	case int64:
		return uint64(result), err
	}
	if err == nil {
		err = errResult
	}
	return 0, err
}

// ask is what an instance says of the front of a connection's bytes, and in found of the frame.
func (f *fleet) ask(front []byte, found *answer) reply {
	guests := f.guests.Load()
	if guests == nil || len(*guests) == 0 {
		return classic(notOffered)
	}
	guest := f.lock(*guests)
	defer guest.instance.Unlock()
	if guest.broken {
		return classic(failed)
	}
	answer, err := f.askLocked(guest, front, found)
	if err != nil {
		guest.broken = true
		f.fail(err)
		return classic(failed)
	}
	return answer
}

func (f *fleet) askLocked(guest *guest, front []byte, found *answer) (reply, error) {
	seen := min(len(front), int(f.window.Load()), guest.size)
	for {
		word, err := guest.ask(f.root, front[:seen])
		if err != nil {
			return reply{}, err
		}
		status, value := uint32(word>>32), uint32(word)
		switch status & 0xff {
		case isFrame:
			if err := found.read(guest.instance, value, seen); err != nil {
				return reply{}, err
			}
			return reply{status: isFrame, need: found.length}, nil
		case isClassic:
			return reply{status: isClassic, need: bounded(value), why: whyOf(status)}, nil
		case isMore:
		default:
			return reply{}, errStatus
		}
		need := int(value)
		switch {
		case need <= seen:
			return reply{}, errFront
		case need > guest.size:
			return classic(tooLong), nil
		case need > len(front):
			return reply{status: isMore, need: need}, nil
		}
		seen = need
		if need <= largestWindow {
			f.window.Store(max(f.window.Load(), int64(need)))
		}
	}
}

// askWhole is what an instance says of all of a frame, of which it has seen the front: headers and timeout in found.
func (f *fleet) askWhole(frame []byte, found *answer) reply {
	guests := f.guests.Load()
	if guests == nil || len(*guests) == 0 {
		return classic(notOffered)
	}
	guest := f.lock(*guests)
	defer guest.instance.Unlock()
	if guest.broken {
		return classic(failed)
	}
	var whole answer
	answer, err := f.askWholeLocked(guest, frame[:found.length], &whole)
	if err == nil && answer.status == isFrame && (whole.length != found.length || whole.request != found.request) {
		err = errAnswer
	}
	if err != nil {
		guest.broken = true
		f.fail(err)
		return classic(failed)
	}
	if answer.status == isFrame && !whole.parse(frame) {
		return classic(headers)
	}
	if answer.status == isFrame {
		found.word, found.later = whole.word, false
		found.headersAt, found.headersLen, found.headers = whole.headersAt, whole.headersLen, whole.headers
	}
	return answer
}

func (f *fleet) askWholeLocked(guest *guest, frame []byte, whole *answer) (reply, error) {
	if fits, err := guest.fit(len(frame), true); !fits {
		return classic(tooLong), err
	}
	word, err := guest.ask(f.root, frame)
	if err != nil {
		return reply{}, err
	}
	switch status, value := uint32(word>>32), uint32(word); status & 0xff {
	case isFrame:
		return reply{status: isFrame}, whole.read(guest.instance, value, len(frame))
	case isClassic:
		return classic(whyOf(status)), nil
	case isMore:
		return reply{}, errFront
	default:
		return reply{}, errStatus
	}
}

// fit is whether the room has so many bytes; one for whole frames is made larger for that.
func (g *guest) fit(size int, whole bool) (bool, error) {
	if size <= g.size {
		return true, nil
	}
	if !whole || size > mostWhole || g.grow == nil {
		return false, nil
	}
	// Twice as large each time, for it is seldom then.
	larger := min(max(size, 2*g.size), mostWhole)
	address, err := number(g.grow.Call(int32(larger)))
	if err != nil || address == 0 {
		return false, err
	}
	if _, err := memory(g.instance, uint32(address), uint32(larger)); err != nil {
		return false, err
	}
	g.room, g.size = uint32(address), larger
	return true, nil
}

// bounded is a number of bytes that a connection may wait for.
func bounded(bytes uint32) int {
	return int(min(bytes, 1<<31-1))
}

// lock is an instance for the caller alone, if possible one that nobody uses.
func (f *fleet) lock(guests []*guest) *guest {
	first := int(f.turn.Add(1) % uint32(len(guests)))
	for range attempts {
		for offset := range guests {
			guest := guests[(first+offset)%len(guests)]
			instance, ok := guest.instance.(lockable)
			if !ok {
				// Another engine does not say.
				guest.instance.Lock(nil)
				return guest
			}
			if instance.TryLock(nil) {
				return guest
			}
		}
		runtime.Gosched()
	}
	guests[first].instance.Lock(nil)
	return guests[first]
}

func (f *fleet) fail(err error) {
	if f.failed.CompareAndSwap(false, true) {
		log.DefaultLogger.Errorf("[lean] %s: MOSN's own path is taken: %v", f.counters.protocol, err)
	}
}

// ask enters the guest with a front.
func (g *guest) ask(root int32, front []byte) (uint64, error) {
	room, err := memory(g.instance, g.room, uint32(len(front)))
	if err != nil {
		return 0, err
	}
	copy(room, front)
	return g.decode.enter(root, int32(len(front)))
}
