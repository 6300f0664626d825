// Does what the lines on its standard input ask for, and answers each with a line.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sync"
)

// op is what a line asks for.
type op struct {
	Seq         uint64            `json:"seq"`
	Op          string            `json:"op"`
	Address     string            `json:"address"`
	Target      string            `json:"target"`
	Method      string            `json:"method"`
	Service     string            `json:"service"`
	Size        *int              `json:"size"`
	Delay       int64             `json:"delay"`
	Timeout     int64             `json:"timeout"`
	Headers     map[string]string `json:"headers"`
	Calls       int               `json:"calls"`
	Callers     int               `json:"callers"`
	Connections int               `json:"connections"`
}

type fields map[string]any

func main() {
	// What the library prints goes to the log.
	out := os.Stdout
	os.Stdout = os.Stderr
	var lock sync.Mutex
	answer := func(answer fields) {
		line, err := json.Marshal(answer)
		if err != nil {
			panic(err)
		}
		lock.Lock()
		defer lock.Unlock()
		_, _ = out.Write(append(line, '\n'))
	}
	peer := newPeer()
	answer(fields{"ready": true, "library": library()})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var asked op
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		go func() {
			done := peer.perform(asked)
			done["seq"] = asked.Seq
			answer(done)
		}()
	}
}
