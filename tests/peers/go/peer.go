package main

import (
	"bytes"
	"fmt"
	"sync"
	"time"
)

const (
	service    = "test.EchoService:1.0"
	errorsTold = 5
)

// library makes servers and clients.
type library interface {
	name() string
	// serve starts a server, on a free port without an address.
	serve(address string) (server, error)
	// connect makes a client for calls one by one.
	connect(target string) (client, error)
	// connections makes one for a load.
	connections(target string, count int) (client, error)
	// failure is the answer to a call that failed.
	failure(err error) fields
	// noHeartbeat says why it has none.
	noHeartbeat() string
}

type server interface {
	listens() string
	saw() *seen
	stop()
}

// advertiser is a server that names its address to its clients.
type advertiser interface {
	advertise(address string)
}

type client interface {
	// call is the content of the answer.
	call(asked op, content []byte) ([]byte, error)
	oneway(asked op, content []byte) error
	close()
}

// peer is a library as server and as client.
type peer struct {
	library library
	lock    sync.Mutex
	servers map[string]server
	clients map[string]client
}

func newPeer(library library) *peer {
	return &peer{library: library, servers: map[string]server{}, clients: map[string]client{}}
}

func (p *peer) perform(asked op) fields {
	switch asked.Op {
	case "serve":
		server, err := p.library.serve(asked.Address)
		if err != nil {
			return fields{"failed": err.Error()}
		}
		p.lock.Lock()
		defer p.lock.Unlock()
		p.servers[server.listens()] = server
		return fields{"address": server.listens()}
	case "advertise":
		server, ok := p.server(asked.Address).(advertiser)
		if !ok {
			return fields{"unsupported": "its servers do not name their addresses"}
		}
		server.advertise(asked.Advertised)
		return fields{}
	case "stop":
		server := p.server(asked.Address)
		p.lock.Lock()
		delete(p.servers, asked.Address)
		p.lock.Unlock()
		server.stop()
		return fields{}
	case "seen":
		return p.server(asked.Address).saw().take()
	case "load":
		return p.load(asked)
	case "call":
		return p.call(asked)
	case "oneway":
		asked.Method = "fire"
		client, err := p.client(asked.Target)
		if err == nil {
			err = client.oneway(asked, content(asked.Seq, size(asked, 64)))
		}
		if err != nil {
			return p.library.failure(err)
		}
		return fields{"outcome": "ok"}
	case "heartbeat":
		return fields{"unsupported": p.library.noHeartbeat()}
	case "disconnect":
		p.lock.Lock()
		defer p.lock.Unlock()
		if client := p.clients[asked.Target]; client != nil {
			client.close()
		}
		delete(p.clients, asked.Target)
		return fields{}
	}
	return fields{"unsupported": "no such operation"}
}

func (p *peer) server(address string) server {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.servers[address]
}

// client is the one whose connections stay from call to call.
func (p *peer) client(target string) (client, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if client := p.clients[target]; client != nil {
		return client, nil
	}
	client, err := p.library.connect(target)
	if err == nil {
		p.clients[target] = client
	}
	return client, err
}

func (p *peer) call(asked op) fields {
	sent := content(asked.Seq, size(asked, 64))
	if asked.Method == "" {
		asked.Method = "echo"
	}
	if asked.Method == "slow" {
		sent = append(fmt.Appendf(nil, "%d:", asked.Delay), sent...)
	}
	client, err := p.client(asked.Target)
	if err != nil {
		return p.library.failure(err)
	}
	got, err := client.call(asked, sent)
	if err != nil {
		return p.library.failure(err)
	}
	if !bytes.Equal(got, sent) {
		return fields{"outcome": "wrong", "text": shortened(string(got))}
	}
	return fields{"outcome": "ok"}
}

// load makes calls with a client of its own.
func (p *peer) load(asked op) fields {
	asked.Method = "echo"
	client, err := p.library.connections(asked.Target, max(asked.Connections, 1))
	if err != nil {
		return fields{"failed": err.Error()}
	}
	defer client.close()
	var lock sync.Mutex
	counts, told := map[string]int{"ok": 0, "wrong": 0, "failed": 0}, []string{}
	numbers := make(chan int)
	var callers sync.WaitGroup
	for range max(asked.Callers, 1) {
		callers.Add(1)
		go func() {
			defer callers.Done()
			for n := range numbers {
				sent := content(uint64(n), size(asked, 128))
				got, err := client.call(asked, sent)
				lock.Lock()
				switch {
				case err != nil:
					counts["failed"]++
					if len(told) < errorsTold {
						told = append(told, shortened(err.Error()))
					}
				case !bytes.Equal(got, sent):
					counts["wrong"]++
				default:
					counts["ok"]++
				}
				lock.Unlock()
			}
		}()
	}
	for n := range max(asked.Calls, 1) {
		numbers <- n
	}
	close(numbers)
	callers.Wait()
	return fields{"ok": counts["ok"], "wrong": counts["wrong"], "failed": counts["failed"], "errors": told}
}

func size(asked op, usual int) int {
	if asked.Size == nil {
		return usual
	}
	return *asked.Size
}

func timeout(asked op) time.Duration {
	if asked.Timeout == 0 {
		return 3 * time.Second
	}
	return time.Duration(asked.Timeout) * time.Millisecond
}

// content is a text of so many bytes that no other call has, if there is room for it.
func content(n uint64, size int) []byte {
	// Spreads small numbers over all digits.
	mark := fmt.Appendf(nil, "%08x", uint32(n)*0x9e3779b1)
	return bytes.Repeat(mark, size/len(mark)+1)[:size]
}

func shortened(text string) string {
	return text[:min(len(text), 200)]
}

// seen is what a server has received since it was last asked.
type seen struct {
	lock           sync.Mutex
	calls, oneways int
	headers        []map[string]string
	ids            []uint32
}

func (s *seen) request(method string, headers map[string]string, ids ...uint32) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if method == "fire" {
		s.oneways++
	} else {
		s.calls++
	}
	s.headers = append(s.headers, headers)
	s.headers = s.headers[max(len(s.headers)-16, 0):]
	s.ids = append(s.ids, ids...)
	s.ids = s.ids[max(len(s.ids)-4096, 0):]
}

func (s *seen) take() fields {
	s.lock.Lock()
	defer s.lock.Unlock()
	taken := fields{
		"calls": s.calls, "oneways": s.oneways, "heartbeats": 0,
		"headers": append([]map[string]string{}, s.headers...),
	}
	if s.ids != nil {
		taken["ids"] = s.ids
	}
	s.calls, s.oneways, s.headers, s.ids = 0, 0, nil, nil
	return taken
}
