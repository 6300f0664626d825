package main

import (
	"bytes"
	"context"
	"net"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	trpc "trpc.group/trpc-go/trpc-go"
	"trpc.group/trpc-go/trpc-go/client"
	"trpc.group/trpc-go/trpc-go/codec"
	"trpc.group/trpc-go/trpc-go/errs"
	"trpc.group/trpc-go/trpc-go/pool/connpool"
	"trpc.group/trpc-go/trpc-go/server"
	"trpc.group/trpc-go/trpc-go/transport"
)

// A service is named by an app, a server and a service here.
const callee = "trpc.test.echo.Echo"

// A status of the service, not of the framework.
const thrown = 9000

func library() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "trpc.group/trpc-go/trpc-go" {
			return "trpc-go " + module.Version
		}
	}
	return "trpc-go"
}

// echoClient has a pool of connections, each for one call at a time.
type echoClient struct {
	options []client.Option
}

func newClient(target string) *echoClient {
	return &echoClient{[]client.Option{
		client.WithTarget("ip://" + target),
		client.WithNetwork("tcp"),
		client.WithProtocol("trpc"),
		client.WithServiceName(callee),
		// The other one takes no pool.
		client.WithTransport(transport.NewClientTransport()),
		client.WithPool(connpool.NewConnectionPool()),
		client.WithSerializationType(codec.SerializationTypeNoop),
	}}
}

func (c *echoClient) call(asked op, content []byte, oneway bool) ([]byte, error) {
	ctx, message := codec.WithCloneMessage(trpc.BackgroundContext())
	defer codec.PutBackMessage(message)
	method := "/" + callee + "/" + asked.Method
	message.WithClientRPCName(method)
	message.WithCalleeServiceName(callee)
	message.WithCalleeMethod(asked.Method)
	options := append([]client.Option{client.WithTimeout(timeout(asked))}, c.options...)
	for name, value := range asked.Headers {
		options = append(options, client.WithMetaData(name, []byte(value)))
	}
	if oneway {
		options = append(options, client.WithSendOnly())
	}
	answer := &codec.Body{}
	err := client.DefaultClient.Invoke(ctx, &codec.Body{Data: content}, answer, options...)
	return answer.Data, err
}

func failure(err error) fields {
	answer := fields{"outcome": "error", "error": "Error", "text": shortened(errs.Msg(err))}
	if code := int(errs.Code(err)); code >= 0 && code < 1<<16 {
		answer["status"] = code
	}
	return answer
}

// echoServer is the service on one port.
type echoServer struct {
	address  string
	seen     *seen
	service  server.Service
	listener *tracked
}

func serve(address string) (*echoServer, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &echoServer{
		address:  listener.Addr().String(),
		seen:     &seen{},
		listener: &tracked{Listener: listener, open: map[net.Conn]bool{}},
	}
	s.service = server.New(
		server.WithServiceName(callee),
		server.WithNetwork("tcp"),
		server.WithProtocol("trpc"),
		server.WithAddress(s.address),
		server.WithListener(s.listener),
		server.WithTransport(transport.NewServerTransport()),
	)
	description := server.ServiceDesc{ServiceName: callee, HandlerType: (*any)(nil)}
	for _, method := range []string{"echo", "fail", "slow", "fire"} {
		description.Methods = append(description.Methods, server.Method{
			Name: "/" + callee + "/" + method,
			Func: func(_ any, ctx context.Context, filter server.FilterFunc) (any, error) {
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

func (s *echoServer) handle(ctx context.Context, method string, filter server.FilterFunc) (any, error) {
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

// stop closes all connections. The library waits for calls that are under way.
func (s *echoServer) stop() {
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
