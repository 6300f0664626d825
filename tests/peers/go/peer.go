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

// peer is the library as server and as client.
type peer struct {
	lock    sync.Mutex
	servers map[string]*echoServer
	clients map[string]*echoClient
}

func newPeer() *peer {
	return &peer{servers: map[string]*echoServer{}, clients: map[string]*echoClient{}}
}

func (p *peer) perform(asked op) fields {
	switch asked.Op {
	case "serve":
		server, err := serve(asked.Address)
		if err != nil {
			return fields{"failed": err.Error()}
		}
		p.lock.Lock()
		defer p.lock.Unlock()
		p.servers[server.address] = server
		return fields{"address": server.address}
	case "stop":
		server := p.server(asked.Address)
		p.lock.Lock()
		delete(p.servers, asked.Address)
		p.lock.Unlock()
		server.stop()
		return fields{}
	case "seen":
		return p.server(asked.Address).seen.take()
	case "load":
		return load(asked)
	case "call":
		return call(p.client(asked.Target), asked)
	case "oneway":
		asked.Method = "fire"
		if _, err := p.client(asked.Target).call(asked, content(asked.Seq, size(asked, 64)), true); err != nil {
			return failure(err)
		}
		return fields{"outcome": "ok"}
	case "heartbeat":
		return fields{"unsupported": "tRPC has none"}
	case "disconnect":
		p.lock.Lock()
		defer p.lock.Unlock()
		delete(p.clients, asked.Target)
		return fields{}
	}
	return fields{"unsupported": "no such operation"}
}

func (p *peer) server(address string) *echoServer {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.servers[address]
}

// client is the one whose connections stay from call to call.
func (p *peer) client(target string) *echoClient {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.clients[target] == nil {
		p.clients[target] = newClient(target)
	}
	return p.clients[target]
}

func call(client *echoClient, asked op) fields {
	sent := content(asked.Seq, size(asked, 64))
	if asked.Method == "" {
		asked.Method = "echo"
	}
	if asked.Method == "slow" {
		sent = append(fmt.Appendf(nil, "%d:", asked.Delay), sent...)
	}
	got, err := client.call(asked, sent, false)
	if err != nil {
		return failure(err)
	}
	if !bytes.Equal(got, sent) {
		return fields{"outcome": "wrong", "text": shortened(string(got))}
	}
	return fields{"outcome": "ok"}
}

// load makes calls with a client of its own, which has as many connections as callers.
func load(asked op) fields {
	client := newClient(asked.Target)
	asked.Method = "echo"
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
				got, err := client.call(asked, sent, false)
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

func (s *seen) request(method string, headers map[string]string, id uint32) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if method == "fire" {
		s.oneways++
	} else {
		s.calls++
	}
	s.headers = append(s.headers, headers)
	s.headers = s.headers[max(len(s.headers)-16, 0):]
	s.ids = append(s.ids, id)
	s.ids = s.ids[max(len(s.ids)-4096, 0):]
}

func (s *seen) take() fields {
	s.lock.Lock()
	defer s.lock.Unlock()
	taken := fields{
		"calls": s.calls, "oneways": s.oneways, "heartbeats": 0,
		"headers": append([]map[string]string{}, s.headers...), "ids": append([]uint32{}, s.ids...),
	}
	s.calls, s.oneways, s.headers, s.ids = 0, 0, nil, nil
	return taken
}
