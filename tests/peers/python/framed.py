"""Clients and servers for libraries that only encode and decode: sockets, and answers matched by their ids.

A library is a module with
- `read(stream)`: the bytes of the next frame, none at the end
- `request(id, service, method, content, oneway)`: the bytes of a call
- `answer(bytes)`: id, content and headers of an answer, or an exception with its `id`
- `call(bytes)`: id, method, content and headers of a call
- `response(bytes, content, exception)`: the bytes of the answer to a call
"""

import itertools
import queue
import socket
import threading
import time

from peer import Unsupported
from seen import Seen


class Refused(Exception):
    """An answer with another status than success."""

    def __init__(self, id, status, text=""):
        super().__init__(f"status {status}{text}")
        self.id, self.status = id, status


class Connection:
    """Ids are counted from 1, and a thread hands answers to those who wait for them."""

    def __init__(self, wire, target):
        self._wire, self._target = wire, target
        self._socket = None
        self._lock = threading.Lock()

    def call(self, service, method, content, timeout, headers):
        answers = queue.SimpleQueue()
        id, waiting = self._send(service, method, content, headers, answers)
        try:
            answer = answers.get(timeout=timeout / 1000)
        except queue.Empty:
            raise TimeoutError("no answer") from None
        finally:
            waiting.pop(id, None)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def oneway(self, service, method, content, headers):
        self._send(service, method, content, headers, None)

    def _send(self, service, method, content, headers, answers):
        if headers:
            raise Unsupported("the protocol has no headers of a user")
        with self._lock:
            connected = self._open()
            id, waiting = next(self._ids), self._waiting
            if answers is not None:
                waiting[id] = answers
            connected.sendall(self._wire.request(id, service, method, content, answers is None))
        return id, waiting

    def _open(self):
        if self._socket is None:
            host, port = self._target.rsplit(":", 1)
            self._socket = socket.create_connection((host, int(port)), 5)
            self._socket.settimeout(None)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._ids, self._waiting = itertools.count(1), {}
            args = self._socket, self._waiting
            threading.Thread(target=self._read, args=args, daemon=True).start()
        return self._socket

    def _read(self, connected, waiting):
        failure = ConnectionError("the connection has ended")
        with connected, connected.makefile("rb") as stream:
            try:
                while frame := self._wire.read(stream):
                    try:
                        id, answer = self._wire.answer(frame)
                    except Refused as refused:
                        id, answer = refused.id, refused
                    if id in waiting:
                        waiting[id].put(answer)
            except OSError:
                # Closed by this side.
                pass
            with self._lock:
                if self._socket is connected:
                    self._socket = None
        for answers in list(waiting.values()):
            answers.put(failure)

    def close(self):
        with self._lock:
            connected, self._socket = self._socket, None
        if connected:
            connected.shutdown(socket.SHUT_RDWR)


class Server:
    """A thread for each connection, and one for each call: slow ones are not to hold the others up."""

    def __init__(self, wire, port):
        self._wire = wire
        self._listener = socket.create_server(("127.0.0.1", port))
        self.address = "%s:%d" % self._listener.getsockname()
        self.seen = Seen()
        self._clients = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._clients.add(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        lock = threading.Lock()
        with client, client.makefile("rb") as stream:
            try:
                while frame := self._wire.read(stream):
                    args = client, lock, frame
                    threading.Thread(target=self._answer, args=args, daemon=True).start()
            except OSError:
                # The caller has gone, or the server is stopped.
                pass
        self._clients.discard(client)

    def _answer(self, client, lock, frame):
        id, method, content = self._wire.call(frame)
        self.seen.request(method, {}, id)
        if method == "slow":
            time.sleep(int(content.split(b":")[0]) / 1000)
        answer = self._wire.response(frame, method, content)
        if answer:
            with lock:
                try:
                    client.sendall(answer)
                except OSError:
                    # The caller has gone.
                    pass

    def close(self):
        # A thread that waits for connections is woken by the first of these only.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in list(self._clients):
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                # Its thread closes it. It may have.
                pass
