package lean

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"

	gometrics "github.com/rcrowley/go-metrics"
	"mosn.io/mosn/pkg/metrics"
)

// why is why a frame takes MOSN's own path.
type why int

// Those that a plugin gives have the numbers of `runtime/src/mosn/lean.rs`.
const (
	layout why = 1 + iota
	malformed
	kind
	checksum
	id
	size
	headers
	tooLong
	notOffered
	failed
	unknown
	reasons
)

// names are those of counters.
var names = [reasons]string{
	layout:     "layout",
	malformed:  "malformed",
	kind:       "kind",
	checksum:   "checksum",
	id:         "id",
	size:       "size",
	headers:    "headers",
	tooLong:    "long_head",
	notOffered: "not_offered",
	failed:     "failed",
	unknown:    "unknown",
}

// whyOf is the reason in a status of a plugin.
func whyOf(status uint32) why {
	reason := why(status >> 8)
	if reason < layout || reason > headers {
		return unknown
	}
	return reason
}

// again is why a frame is encoded by MOSN's codec though it was not decoded by it.
type again int

const (
	edited again = iota
	foreignId
	agains
)

var againNames = [agains]string{edited: "edited", foreignId: "foreign_id"}

// counters are of the frames of a codec, by the path that they take; in MOSN's statistics.
type counters struct {
	protocol string
	once     sync.Once
	frames   gometrics.Counter
	rewrites gometrics.Counter
	classics [reasons]gometrics.Counter
	replays  [agains]gometrics.Counter
}

func (c *counters) make() {
	all, err := metrics.NewMetrics("lean", map[string]string{"protocol": c.protocol})
	if err != nil {
		// It has too many labels, for which one is not.
		all, _ = metrics.NewNilMetrics("lean", nil)
	}
	c.frames = all.Counter("frames")
	c.rewrites = all.Counter("rewritten")
	for reason := layout; reason < reasons; reason++ {
		c.classics[reason] = all.Counter("classic_" + names[reason])
	}
	for reason, name := range againNames {
		c.replays[reason] = all.Counter("replayed_" + name)
	}
}

func (c *counters) lean() {
	c.once.Do(c.make)
	c.frames.Inc(1)
}

func (c *counters) rewritten() {
	c.once.Do(c.make)
	c.rewrites.Inc(1)
}

func (c *counters) classic(reason why) {
	c.once.Do(c.make)
	c.classics[reason].Inc(1)
}

func (c *counters) replayed(reason again) {
	c.once.Do(c.make)
	c.replays[reason].Inc(1)
}

// line is what there was, in one line.
func (c *counters) line() string {
	c.once.Do(c.make)
	text := fmt.Sprintf("[lean] %s: %d frames passed on", c.protocol, c.frames.Count())
	if rewritten := c.rewrites.Count(); rewritten > 0 {
		text += fmt.Sprintf(", %d with another head", rewritten)
	}
	return text + summed("by MOSN's codec", names[:], c.classics[:]) +
		summed("encoded by MOSN's codec", againNames[:], c.replays[:])
}

func summed(what string, names []string, counters []gometrics.Counter) string {
	var total int64
	var all []string
	for at, counter := range counters {
		if counter == nil || counter.Count() == 0 {
			continue
		}
		total += counter.Count()
		all = append(all, fmt.Sprintf("%s %d", names[at], counter.Count()))
	}
	if total == 0 {
		return ""
	}
	return fmt.Sprintf(", %d %s (%s)", total, what, strings.Join(all, ", "))
}

// Summarise writes a line for each codec that has passed frames on.
func Summarise(to io.Writer) {
	codecs.Lock()
	defer codecs.Unlock()
	var lines []string
	for _, codec := range codecs.all {
		if codec.on.Load() {
			lines = append(lines, codec.counters.line()+"\n")
		}
	}
	sort.Strings(lines)
	_, _ = io.WriteString(to, strings.Join(lines, ""))
}
