"""`kafka-python` as client. Methods are topics: a call produces a record and waits until a consumer has it."""

import threading
import time
from importlib.metadata import version

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from in_turn import InTurn

NO_HEARTBEAT = "heartbeats of Kafka belong to consumer groups"
# Those that a consumer reads.
TOPICS = ["echo", "slow"]


def name():
    return "kafka-python " + version("kafka-python")


def connect(target):
    return Client(target)


def connections(target, count, _callers):
    return InTurn(Client(target) for _ in range(count))


class Failed(Exception):
    def __init__(self, error):
        super().__init__(str(error))
        # Some are not a broker's.
        code = getattr(error, "errno", -1)
        self.status = code if code >= 0 else None


class Client:
    """A producer and a consumer, each with connections of its own."""

    def __init__(self, target):
        self._options = {
            "bootstrap_servers": target,
            "client_id": "peer",
            "reconnect_backoff_ms": 20,
            "reconnect_backoff_max_ms": 200,
            "bootstrap_timeout_ms": 2000,
        }
        self._producers = {}
        self._records = {}
        self._arrived = threading.Condition()
        self._ended = False
        self._lock = threading.Lock()
        self._consumer = None

    def call(self, _service, method, content, timeout, headers):
        try:
            if method == "fail":
                return self._delete_topic(timeout)
            end = time.monotonic() + timeout / 1000
            place = self._produce(method, content, timeout, headers, acks=1)
            self._consume()
            with self._arrived:
                while place not in self._records:
                    if not self._arrived.wait(end - time.monotonic()):
                        raise TimeoutError("the record was produced, and not consumed")
                return self._records.pop(place)
        except KafkaError as error:
            raise Failed(error) from error

    def oneway(self, _service, method, content, headers):
        self._produce(method, content, 3000, headers, acks=0)

    def _produce(self, topic, content, timeout, headers, acks):
        headers = [(name, value.encode()) for name, value in headers.items()]
        record = self._producer(acks, timeout).send(topic, content, headers=headers, partition=0)
        produced = record.get(timeout / 1000)
        return (topic, produced.offset)

    def _producer(self, acks, timeout):
        with self._lock:
            if acks not in self._producers:
                self._producers[acks] = KafkaProducer(
                    **self._options,
                    acks=acks,
                    # What is measured is one attempt, of one frame.
                    enable_idempotence=False,
                    retries=0,
                    max_block_ms=timeout,
                )
            return self._producers[acks]

    def _consume(self):
        with self._lock:
            if self._consumer is None:
                consumer = KafkaConsumer(**self._options, auto_offset_reset="earliest")
                consumer.assign([TopicPartition(topic, 0) for topic in TOPICS])
                self._consumer = threading.Thread(
                    target=self._poll, args=[consumer], daemon=True
                )
                self._consumer.start()

    def _poll(self, consumer):
        while not self._ended:
            polled = consumer.poll(timeout_ms=100)
            with self._arrived:
                for records in polled.values():
                    for record in records:
                        self._records[record.topic, record.offset] = record.value
                self._arrived.notify_all()
        consumer.close(autocommit=False)

    def _delete_topic(self, timeout):
        """What the broker refuses: there is no such topic."""
        admin = KafkaAdminClient(**self._options, request_timeout_ms=timeout)
        try:
            admin.delete_topics(["fail"], timeout_ms=timeout)
        finally:
            admin.close()

    def close(self):
        self._ended = True
        for producer in self._producers.values():
            producer.close(timeout=1)
        if self._consumer:
            self._consumer.join()
