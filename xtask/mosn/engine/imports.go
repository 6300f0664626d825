package engine

import (
	"context"

	"github.com/tetratelabs/wazero/api"
	v1 "mosn.io/proxy-wasm-go-host/proxywasm/v1"
)

// hostFunction does an import: args are the words of the guest's stack.
type hostFunction func(i *instance, memory api.Memory, args []uint64) v1.WasmResult

// imported is an import with its arguments, all i32 but for the i64 at the end of some.
type imported struct {
	run  hostFunction
	i32s int
	i64  bool
}

// imports is all that MOSN offers, with what it answers a codec. Where that is always the same, it
// is said here.
var imports = map[string]imported{
	"proxy_log":              {run: proxyLog, i32s: 3},
	"proxy_get_buffer_bytes": {run: getBuffer, i32s: 5},
	"proxy_set_buffer_bytes": {run: setBuffer, i32s: 5},

	"proxy_get_shared_data":        {run: getSharedData, i32s: 5},
	"proxy_set_shared_data":        {run: setSharedData, i32s: 5},
	"proxy_register_shared_queue":  {run: registerQueue, i32s: 3},
	"proxy_resolve_shared_queue":   {run: resolveQueue, i32s: 3},
	"proxy_remove_shared_queue":    {run: removeQueue, i32s: 1},
	"proxy_dequeue_shared_queue":   {run: dequeue, i32s: 3},
	"proxy_enqueue_shared_queue":   {run: enqueue, i32s: 3},
	"proxy_get_property":           {run: getProperty, i32s: 4},
	"proxy_set_property":           {run: unimplemented, i32s: 4},
	"proxy_set_effective_context":  {run: unimplemented, i32s: 1},
	"proxy_done":                   {run: unimplemented},
	"proxy_call_foreign_function":  {run: unimplemented, i32s: 6},
	"proxy_resume_downstream":      {run: unimplemented},
	"proxy_resume_upstream":        {run: unimplemented},
	"proxy_resume_http_request":    {run: unimplemented},
	"proxy_resume_http_response":   {run: unimplemented},
	"proxy_send_http_response":     {run: unimplemented, i32s: 8},
	"proxy_http_call":              {run: unimplemented, i32s: 10},
	"proxy_dispatch_http_call":     {run: unimplemented, i32s: 10},
	"proxy_open_grpc_stream":       {run: unimplemented, i32s: 7},
	"proxy_send_grpc_call_message": {run: unimplemented, i32s: 4},
	"proxy_cancel_grpc_call":       {run: unimplemented, i32s: 1},
	"proxy_close_grpc_call":        {run: unimplemented, i32s: 1},
	"proxy_grpc_call":              {run: unimplemented, i32s: 10},
	"proxy_dispatch_grpc_call":     {run: unimplemented, i32s: 10},
	"proxy_define_metric":          {run: unimplemented, i32s: 4},
	"proxy_remove_metric":          {run: unimplemented, i32s: 1},
	"proxy_get_metric":             {run: unimplemented, i32s: 2},
	"proxy_increment_metric":       {run: unimplemented, i32s: 1, i64: true},
	"proxy_record_metric":          {run: unimplemented, i32s: 1, i64: true},

	"proxy_set_tick_period_milliseconds": {run: unimplemented, i32s: 1},
	"proxy_get_current_time_nanoseconds": {run: currentTime, i32s: 1},

	// The frames of a codec have headers, its context has none.
	"proxy_get_header_map_pairs":     {run: notFound, i32s: 3},
	"proxy_set_header_map_pairs":     {run: notFound, i32s: 3},
	"proxy_get_header_map_value":     {run: notFound, i32s: 5},
	"proxy_replace_header_map_value": {run: notFound, i32s: 5},
	"proxy_add_header_map_value":     {run: notFound, i32s: 5},
	"proxy_remove_header_map_value":  {run: notFound, i32s: 3},
}

// instantiateImports makes the module `env` of an instance.
func instantiateImports(i *instance) error {
	env := i.runtime.NewHostModuleBuilder("env")
	for name, imported := range imports {
		run := imported.run
		function := func(_ context.Context, guest api.Module, stack []uint64) {
			stack[0] = uint64(uint32(run(i, guest.Memory(), stack)))
		}
		env.NewFunctionBuilder().
			WithGoModuleFunction(api.GoModuleFunc(function), imported.params(), []api.ValueType{api.ValueTypeI32}).
			Export(name)
	}
	_, err := env.Instantiate(background)
	return err
}

func (i imported) params() []api.ValueType {
	params := make([]api.ValueType, 0, i.i32s+1)
	for len(params) < i.i32s {
		params = append(params, api.ValueTypeI32)
	}
	if i.i64 {
		params = append(params, api.ValueTypeI64)
	}
	return params
}

func unimplemented(*instance, api.Memory, []uint64) v1.WasmResult {
	return v1.WasmResultUnimplemented
}

func notFound(*instance, api.Memory, []uint64) v1.WasmResult {
	return v1.WasmResultNotFound
}
