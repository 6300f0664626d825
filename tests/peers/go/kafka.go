package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Methods are topics. A call produces a record and waits until a consumer has it.
const (
	echo   = "echo"
	slow   = "slow"
	fire   = "fire"
	failed = "fail"
)

type kafkaLibrary struct{}

func (kafkaLibrary) name() string { return module("github.com/twmb/franz-go") }

func (kafkaLibrary) noHeartbeat() string { return "heartbeats of Kafka belong to consumer groups" }

func (kafkaLibrary) serve(address string) (server, error) { return serveKafka(address) }

func (kafkaLibrary) connect(target string) (client, error) { return newKafkaClient(target) }

func (kafkaLibrary) connections(target string, count int) (client, error) {
	clients := &inTurn{}
	for range count {
		client, err := newKafkaClient(target)
		if err != nil {
			clients.close()
			return nil, err
		}
		clients.all = append(clients.all, client)
	}
	return clients, nil
}

func (kafkaLibrary) failure(err error) fields {
	answer := fields{"outcome": "error", "error": "Error", "text": shortened(err.Error())}
	var code *kerr.Error
	if errors.As(err, &code) && code.Code >= 0 {
		answer["status"] = code.Code
	}
	return answer
}

// inTurn calls with each client in its turn.
type inTurn struct {
	all  []client
	next atomic.Uint64
}

func (t *inTurn) call(asked op, content []byte) ([]byte, error) {
	return t.all[t.next.Add(1)%uint64(len(t.all))].call(asked, content)
}

func (t *inTurn) oneway(asked op, content []byte) error {
	return t.all[t.next.Add(1)%uint64(len(t.all))].oneway(asked, content)
}

func (t *inTurn) close() {
	for _, client := range t.all {
		client.close()
	}
}

// kafkaClient is a producer and a consumer, each with a connection of its own.
type kafkaClient struct {
	kafka *kgo.Client
	// Whether there are answers is decided by the client.
	unanswered *kgo.Client
	ended      context.CancelFunc
	records    consumed
}

func newKafkaClient(target string) (*kafkaClient, error) {
	options := []kgo.Opt{
		kgo.SeedBrokers(target),
		kgo.ClientID("peer"),
		// What is measured is one attempt, of one frame.
		kgo.DisableIdempotentWrite(),
		kgo.RecordRetries(0),
		kgo.UnknownTopicRetries(0),
		kgo.RequestRetries(3),
		kgo.RetryBackoffFn(func(int) time.Duration { return 20 * time.Millisecond }),
		kgo.ProducerBatchCompression(kgo.NoCompression()),
	}
	consume := []kgo.Opt{
		kgo.ConsumeTopics(echo, slow),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxWait(500 * time.Millisecond),
	}
	kafka, err := kgo.NewClient(append(consume, options...)...)
	if err != nil {
		return nil, err
	}
	unanswered, err := kgo.NewClient(append(options, kgo.RequiredAcks(kgo.NoAck()))...)
	if err != nil {
		kafka.Close()
		return nil, err
	}
	ctx, ended := context.WithCancel(context.Background())
	client := &kafkaClient{kafka: kafka, unanswered: unanswered, ended: ended}
	client.records.all = map[place]chan []byte{}
	go client.consume(ctx)
	return client, nil
}

func (c *kafkaClient) consume(ctx context.Context) {
	for ctx.Err() == nil {
		c.kafka.PollFetches(ctx).EachRecord(func(record *kgo.Record) {
			c.records.put(place{record.Topic, record.Offset}, record.Value)
		})
	}
}

func (c *kafkaClient) call(asked op, content []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout(asked))
	defer cancel()
	if asked.Method == failed {
		return nil, c.deletesTopic(ctx)
	}
	produced, err := c.kafka.ProduceSync(ctx, record(asked, content)).First()
	if errors.Is(err, kerr.UnknownTopicID) {
		// The broker was started again, and its topics are others of the same name.
		c.records.clear()
		c.kafka.PurgeTopicsFromClient(asked.Method)
		c.kafka.AddConsumeTopics(asked.Method)
		produced, err = c.kafka.ProduceSync(ctx, record(asked, content)).First()
	}
	if err != nil {
		return nil, err
	}
	place := place{produced.Topic, produced.Offset}
	defer c.records.forget(place)
	select {
	case value := <-c.records.at(place):
		return value, nil
	case <-ctx.Done():
		return nil, errors.New("the record was produced, and not consumed")
	}
}

// deletesTopic is what the broker refuses: there is no such topic.
func (c *kafkaClient) deletesTopic(ctx context.Context) error {
	request := kmsg.NewPtrDeleteTopicsRequest()
	request.TimeoutMillis = 1000
	topic := kmsg.NewDeleteTopicsRequestTopic()
	topic.Topic = kmsg.StringPtr(failed)
	request.TopicNames, request.Topics = []string{failed}, []kmsg.DeleteTopicsRequestTopic{topic}
	answer, err := request.RequestWith(ctx, c.kafka)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(answer.Topics[0].ErrorCode)
}

func (c *kafkaClient) oneway(asked op, content []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout(asked))
	defer cancel()
	return c.unanswered.ProduceSync(ctx, record(asked, content)).FirstErr()
}

func (c *kafkaClient) close() {
	c.ended()
	c.kafka.Close()
	c.unanswered.Close()
}

func record(asked op, content []byte) *kgo.Record {
	record := &kgo.Record{Topic: asked.Method, Value: content}
	for name, value := range asked.Headers {
		record.Headers = append(record.Headers, kgo.RecordHeader{Key: name, Value: []byte(value)})
	}
	return record
}

type place struct {
	topic  string
	offset int64
}

// consumed has the records that came, and those that are waited for.
type consumed struct {
	lock sync.Mutex
	all  map[place]chan []byte
}

func (c *consumed) at(place place) chan []byte {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.all[place] == nil {
		c.all[place] = make(chan []byte, 1)
	}
	return c.all[place]
}

func (c *consumed) put(place place, value []byte) {
	select {
	case c.at(place) <- value:
	default:
		// It is here already.
	}
}

func (c *consumed) forget(place place) {
	c.lock.Lock()
	defer c.lock.Unlock()
	delete(c.all, place)
}

func (c *consumed) clear() {
	c.lock.Lock()
	defer c.lock.Unlock()
	clear(c.all)
}
