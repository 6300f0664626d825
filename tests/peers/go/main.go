// Does what the lines on its standard input ask for, and answers each with a line.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime/debug"
	"strings"
	"sync"
)

// op is what a line asks for.
type op struct {
	Seq         uint64            `json:"seq"`
	Op          string            `json:"op"`
	Address     string            `json:"address"`
	Advertised  string            `json:"advertised"`
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

var libraries = map[string]library{
	"go-kafka": kafkaLibrary{},
	"go-trpc":  trpcLibrary{},
}

// module is the name of a module, with its version.
func module(path string) string {
	info, _ := debug.ReadBuildInfo()
	name := path[strings.LastIndex(path, "/")+1:]
	for _, module := range info.Deps {
		if module.Path == path {
			return name + " " + module.Version
		}
	}
	return name
}

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
	library, ok := libraries[os.Args[1]]
	if !ok {
		panic("there is no library " + os.Args[1])
	}
	peer := newPeer(library)
	answer(fields{"ready": true, "library": library.name()})
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
