package main

import (
	"bytes"
	"context"
	"net"
	"strconv"
	"sync"
	"time"

	trpc "trpc.group/trpc-go/trpc-go"
	trpcclient "trpc.group/trpc-go/trpc-go/client"
	"trpc.group/trpc-go/trpc-go/codec"
	"trpc.group/trpc-go/trpc-go/errs"
	"trpc.group/trpc-go/trpc-go/pool/connpool"
	trpcserver "trpc.group/trpc-go/trpc-go/server"
	"trpc.group/trpc-go/trpc-go/transport"
)

// A service is named by an app, a server and a service here.
const callee = "trpc.test.echo.Echo"

// A status of the service, not of the framework.
const thrown = 9000

type trpcLibrary struct{}

func (trpcLibrary) name() string { return module("trpc.group/trpc-go/trpc-go") }

func (trpcLibrary) noHeartbeat() string { return "tRPC has none" }

func (trpcLibrary) serve(address string) (server, error) { return serveTrpc(address) }

func (trpcLibrary) connect(target string) (client, error) { return newTrpcClient(target), nil }

// A pool has as many connections as callers.
func (trpcLibrary) connections(target string, _ int) (client, error) {
	return newTrpcClient(target), nil
}

// trpcClient has a pool of connections, each for one call at a time.
type trpcClient struct {
	options []trpcclient.Option
}

func newTrpcClient(target string) *trpcClient {
	return &trpcClient{[]trpcclient.Option{
		trpcclient.WithTarget("ip://" + target),
		trpcclient.WithNetwork("tcp"),
		trpcclient.WithProtocol("trpc"),
		trpcclient.WithServiceName(callee),
		// The other one takes no pool.
		trpcclient.WithTransport(transport.NewClientTransport()),
		trpcclient.WithPool(connpool.NewConnectionPool()),
		trpcclient.WithSerializationType(codec.SerializationTypeNoop),
	}}
}

func (c *trpcClient) call(asked op, content []byte) ([]byte, error) {
	return c.invoke(asked, content)
}

func (c *trpcClient) oneway(asked op, content []byte) error {
	_, err := c.invoke(asked, content, trpcclient.WithSendOnly())
	return err
}

func (c *trpcClient) close() {}

func (c *trpcClient) invoke(asked op, content []byte, others ...trpcclient.Option) ([]byte, error) {
	ctx, message := codec.WithCloneMessage(trpc.BackgroundContext())
	defer codec.PutBackMessage(message)
	method := "/" + callee + "/" + asked.Method
	message.WithClientRPCName(method)
	message.WithCalleeServiceName(callee)
	message.WithCalleeMethod(asked.Method)
	options := append([]trpcclient.Option{trpcclient.WithTimeout(timeout(asked))}, c.options...)
	options = append(options, others...)
	for name, value := range asked.Headers {
		options = append(options, trpcclient.WithMetaData(name, []byte(value)))
	}
	answer := &codec.Body{}
	err := trpcclient.DefaultClient.Invoke(ctx, &codec.Body{Data: content}, answer, options...)
	return answer.Data, err
}

func (trpcLibrary) failure(err error) fields {
	answer := fields{"outcome": "error", "error": "Error", "text": shortened(errs.Msg(err))}
	if code := int(errs.Code(err)); code >= 0 && code < 1<<16 {
		answer["status"] = code
	}
	return answer
}

// trpcServer is the service on one port.
type trpcServer struct {
	address  string
	seen     *seen
	service  trpcserver.Service
	listener *tracked
}

func serveTrpc(address string) (*trpcServer, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &trpcServer{
		address:  listener.Addr().String(),
		seen:     &seen{},
		listener: &tracked{Listener: listener, open: map[net.Conn]bool{}},
	}
	s.service = trpcserver.New(
		trpcserver.WithServiceName(callee),
		trpcserver.WithNetwork("tcp"),
		trpcserver.WithProtocol("trpc"),
		trpcserver.WithAddress(s.address),
		trpcserver.WithListener(s.listener),
		trpcserver.WithTransport(transport.NewServerTransport()),
	)
	description := trpcserver.ServiceDesc{ServiceName: callee, HandlerType: (*any)(nil)}
	for _, method := range []string{"echo", "fail", "slow", "fire"} {
		description.Methods = append(description.Methods, trpcserver.Method{
			Name: "/" + callee + "/" + method,
			Func: func(_ any, ctx context.Context, filter trpcserver.FilterFunc) (any, error) {
				return s.handle(ctx, method, filter)
			},
		})
	}
	if err := s.service.Register(&description, s); err != nil {
		return nil, err
	}
	go func() {
		// Ends with its listener.
		_ = s.service.Serve()
	}()
	return s, nil
}

func (s *trpcServer) handle(ctx context.Context, method string, filter trpcserver.FilterFunc) (any, error) {
	call := &codec.Body{}
	filters, err := filter(call)
	if err != nil {
		return nil, err
	}
	return filters.Filter(ctx, call, func(ctx context.Context, _ any) (any, error) {
		message := codec.Message(ctx)
		headers := map[string]string{}
		for name, value := range message.ServerMetaData() {
			headers[name] = string(value)
		}
		s.seen.request(method, headers, trpc.Request(ctx).RequestId)
		switch method {
		case "fail":
			return nil, errs.New(thrown, "this method fails")
		case "slow":
			number, _, _ := bytes.Cut(call.Data, []byte(":"))
			millis, err := strconv.Atoi(string(number))
			if err != nil {
				return nil, err
			}
			time.Sleep(time.Duration(millis) * time.Millisecond)
		}
		return &codec.Body{Data: call.Data}, nil
	})
}

func (s *trpcServer) listens() string { return s.address }

func (s *trpcServer) saw() *seen { return s.seen }

// stop closes all connections. The library waits for calls that are under way.
func (s *trpcServer) stop() {
	s.listener.closeAll()
	go func() { _ = s.service.Close(nil) }()
}

// tracked is a listener that knows the connections that it has accepted.
type tracked struct {
	net.Listener
	lock sync.Mutex
	open map[net.Conn]bool
}

func (t *tracked) Accept() (net.Conn, error) {
	conn, err := t.Listener.Accept()
	if err == nil {
		t.lock.Lock()
		defer t.lock.Unlock()
		t.open[conn] = true
	}
	return conn, err
}

func (t *tracked) closeAll() {
	_ = t.Close()
	t.lock.Lock()
	defer t.lock.Unlock()
	for conn := range t.open {
		_ = conn.Close()
	}
}
