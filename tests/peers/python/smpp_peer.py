"""smpplib, which is a client only: the digest of a message is what its answer has as message id."""

import hashlib
import importlib.metadata
import queue
import threading

import smpplib.client
import smpplib.consts

from in_turn import InTurn
from peer import Unsupported

# Longer messages are optional parameters.
SHORT = 254
METHODS = {"missing": "none"}
HEADERS = ("source_addr",)
BIND_S = 5


def name():
    return "smpplib " + importlib.metadata.version("smpplib")


class Refused(Exception):
    """An answer with another status than success."""

    def __init__(self, status):
        super().__init__(f"status {status}: {smpplib.consts.DESCRIPTIONS.get(status, '')}")
        self.status = status


class Connection:
    """A bound session, and a thread that reads from it."""

    def __init__(self, target):
        self._target = target
        self._client = None
        self._lock = threading.Lock()

    def call(self, service, method, content, timeout, headers):
        for header in headers:
            if header not in HEADERS:
                raise Unsupported("SMPP has no headers of a user")
        body = {"short_message": content} if len(content) <= SHORT else {"message_payload": content}
        wanted = hashlib.sha256(content).hexdigest()
        with self._lock:
            client = self._open()
            answers = queue.SimpleQueue()
            # Known before the answer can be there.
            self._waiting[client.sequence + 1] = answers
            pdu = client.send_message(
                service_type=METHODS.get(method, method),
                destination_addr=service,
                source_addr=headers.get("source_addr", "peers"),
                **body,
            )
        try:
            answer = answers.get(timeout=timeout / 1000)
        except queue.Empty:
            raise TimeoutError("no answer") from None
        finally:
            self._waiting.pop(pdu.sequence, None)
        if answer is None:
            raise ConnectionError("the connection has ended")
        if answer.status:
            raise Refused(answer.status)
        found = answer.message_id.decode()
        return content if found == wanted else found

    def oneway(self, *_):
        raise Unsupported("SMPP has one-way calls of a message centre only")

    def heartbeat(self, timeout):
        with self._lock:
            client = self._open()
            self._answered.clear()
            client.send_pdu(smpplib.smpp.make_pdu("enquire_link", client=client))
        if not self._answered.wait(timeout / 1000):
            raise TimeoutError("no answer to enquire_link")

    def _open(self):
        if self._client is None:
            host, port = self._target.rsplit(":", 1)
            client = smpplib.client.Client(host, port, timeout=BIND_S, allow_unknown_opt_params=True)
            client.connect()
            try:
                client.bind_transceiver(system_id="peers", password="secret")
            except smpplib.exceptions.PDUError as error:
                client.disconnect()
                raise Refused(error.args[1]) from error
            # The library sends an enquire_link when it has read nothing for so long.
            client._socket.settimeout(None)
            self._client, self._waiting, self._answered = client, {}, threading.Event()
            reader = threading.Thread(target=self._read, args=(client, self._waiting), daemon=True)
            reader.start()
        return self._client

    def _read(self, client, waiting):
        try:
            while True:
                pdu = client.read_pdu()
                if pdu.command == "enquire_link_resp":
                    self._answered.set()
                elif pdu.sequence in waiting:
                    waiting[pdu.sequence].put(pdu)
        except Exception:
            # Closed, by this side or the other.
            with self._lock:
                if self._client is client:
                    self._client = None
            client.disconnect()
            for answers in list(waiting.values()):
                answers.put(None)

    def close(self):
        with self._lock:
            client, self._client = self._client, None
        if client:
            # Its reader notices, and closes it.
            client._socket.shutdown(2)


def connect(target):
    return Connection(target)


def connections(target, count, _callers):
    return InTurn(Connection(target) for _ in range(count))
