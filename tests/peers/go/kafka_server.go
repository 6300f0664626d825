package main

import (
	"bytes"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// kafkaServer is a cluster of one broker.
type kafkaServer struct {
	address  string
	seen     *seen
	listener *advertised
	cluster  *kfake.Cluster
	// Newer requests name a topic by its id.
	topics map[[16]byte]string
}

func serveKafka(address string) (*kafkaServer, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &kafkaServer{
		address:  listener.Addr().String(),
		seen:     &seen{},
		listener: &advertised{Listener: listener},
		topics:   map[[16]byte]string{},
	}
	s.cluster, err = kfake.NewCluster(
		kfake.NumBrokers(1),
		kfake.SeedTopics(1, echo, slow, fire),
		kfake.ListenFn(func(_, _ string) (net.Listener, error) { return s.listener, nil }),
	)
	if err != nil {
		return nil, err
	}
	for _, topic := range []string{echo, slow, fire} {
		s.topics[s.cluster.TopicInfo(topic).TopicID] = topic
	}
	s.cluster.ControlKey(kmsg.Produce.Int16(), s.produce)
	return s, nil
}

// produce looks at what is produced, and leaves it to the cluster.
func (s *kafkaServer) produce(request kmsg.Request) (kmsg.Response, error, bool) {
	var wait time.Duration
	for _, topic := range request.(*kmsg.ProduceRequest).Topics {
		name := topic.Topic
		if name == "" {
			name = s.topics[topic.TopicID]
		}
		for _, partition := range topic.Partitions {
			for _, record := range records(partition.Records) {
				headers := map[string]string{}
				for _, header := range record.Headers {
					headers[header.Key] = string(header.Value)
				}
				s.seen.request(name, headers)
				if name == slow {
					number, _, _ := bytes.Cut(record.Value, []byte(":"))
					millis, _ := strconv.Atoi(string(number))
					wait = max(wait, time.Duration(millis)*time.Millisecond)
				}
			}
		}
	}
	if wait > 0 {
		// Only this connection waits.
		s.cluster.SleepControl(func() { time.Sleep(wait) })
	}
	return nil, nil, false
}

// records are those of a batch that is not compressed.
func records(region []byte) []kmsg.Record {
	var batch kmsg.RecordBatch
	if batch.ReadFrom(region) != nil {
		return nil
	}
	var records []kmsg.Record
	rest := batch.Records
	for range batch.NumRecords {
		length, size := kbin.Varint(rest)
		end := size + int(length)
		var record kmsg.Record
		if size == 0 || end > len(rest) || record.ReadFrom(rest[:end]) != nil {
			return nil
		}
		records, rest = append(records, record), rest[end:]
	}
	return records
}

func (s *kafkaServer) listens() string { return s.address }

func (s *kafkaServer) saw() *seen { return s.seen }

// advertise makes clients connect to another address after they have asked for the brokers: that of a proxy.
func (s *kafkaServer) advertise(address string) { s.listener.name.Store(address) }

func (s *kafkaServer) stop() { s.cluster.Close() }

// advertised is a listener that says it listens elsewhere.
type advertised struct {
	net.Listener
	name atomic.Value
}

func (a *advertised) Addr() net.Addr {
	if name, ok := a.name.Load().(string); ok {
		return elsewhere(name)
	}
	return a.Listener.Addr()
}

type elsewhere string

func (elsewhere) Network() string { return "tcp" }

func (e elsewhere) String() string { return string(e) }
