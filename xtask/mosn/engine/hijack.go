package engine

import (
	"mosn.io/mosn/pkg/log"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
)

const hijackExport = "proxy_hijack_buffer_bytes"

// hijack announces to the guest that MOSN answers a request itself; the encode that follows makes
// the answer. When anything fails on the way, MOSN returns without unlocking the instance, and soon
// every connection waits for it. So nothing ever fails: a guest that cannot hijack leaves one call
// without an answer.
type hijack struct {
	instance *instance
	// nil if the guest has no such export.
	guest common.WasmFunction
}

// hijackState is what is known between the lookup of the export, by which MOSN begins, and the call.
type hijackState struct {
	announced bool
	// The guest could not be given the input, so it cannot be called.
	inputLost bool
}

// forgive says whether an error belongs to a hijack, which then goes on without its input.
func (s *hijackState) forgive(err error) bool {
	if !s.announced {
		return false
	}
	log.DefaultLogger.Errorf("[%s] a hijack has no input: %v", Name, err)
	s.inputLost = true
	return true
}

func (h *hijack) Call(args ...interface{}) (interface{}, error) {
	state := h.instance.hijack
	h.instance.hijack = hijackState{}
	switch {
	case state.inputLost:
	case h.guest == nil:
		log.DefaultLogger.Errorf("[%s] the plugin does not export %q", Name, hijackExport)
	default:
		status, err := h.guest.Call(args...)
		if err != nil {
			log.DefaultLogger.Errorf("[%s] the plugin fails in hijack: %v", Name, err)
		} else if status != int32(0) {
			log.DefaultLogger.Errorf("[%s] the plugin refuses a hijack, status %v", Name, status)
		}
	}
	return int32(0), nil
}
