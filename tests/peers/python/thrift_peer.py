"""thriftpy2: framed messages in the strict binary protocol, or in the compact one.

Its client gives every call the id 0, and waits for the answer before it sends the next one.
"""

import contextlib
import importlib.metadata
import io
import socket
import sys
import threading
import time

from thriftpy2.parser import load_fp
from thriftpy2.protocol import TBinaryProtocol, TCompactProtocol
from thriftpy2.server import TThreadedServer
from thriftpy2.thrift import TApplicationException, TClient, TProcessor
from thriftpy2.transport import TFramedTransport, TServerSocket, TSocket

from in_turn import InTurn
from peer import Unsupported
from seen import Seen

NO_HEARTBEAT = "thrift has none"

SERVED = """
exception Failure { 1: string text }
service Echo {
    binary echo(1: binary content),
    binary fail(1: binary content) throws (1: Failure failure),
    binary slow(1: binary content),
    oneway void fire(1: binary content),
}
"""
# A client calls only what its own service has.
CALLED = SERVED.replace("    oneway", "    binary missing(1: binary content),\n    oneway")


def name():
    return "thriftpy2 " + importlib.metadata.version("thriftpy2")


def service_of(text, module):
    return load_fp(io.StringIO(text), module)


SERVED = service_of(SERVED, "served_thrift")
CALLED = service_of(CALLED, "called_thrift")


class Remembering:
    """Remembers the last message that was read, which the library's own code does not show."""

    last = None

    def read_message_begin(self):
        self.last = super().read_message_begin()
        return self.last


class Binary(Remembering, TBinaryProtocol):
    def __init__(self, transport):
        super().__init__(transport, strict_read=True, strict_write=True)


class Compact(Remembering, TCompactProtocol):
    pass


# A process speaks one of them.
PROTOCOLS = {"python-thrift": Binary, "python-thrift-compact": Compact}


def protocol(transport):
    return PROTOCOLS[sys.argv[1]](TFramedTransport(transport))


class Connection:
    """One call after the other: what comes back belongs to what went last."""

    def __init__(self, target):
        self._target = target
        self._client = None
        self._lock = threading.Lock()

    def call(self, _service, method, content, timeout, headers):
        if headers:
            raise Unsupported("thrift has no headers")
        with self._lock:
            client = self._open(timeout)
            try:
                answer = getattr(client, method)(content)
            except (CALLED.Failure, TApplicationException):
                raise
            except Exception:
                # What is still to come would be taken for the next answer.
                self._close()
                raise
            finally:
                self._check(client)
            return answer

    def oneway(self, _service, _method, content, _headers):
        with self._lock:
            self._open(3000).fire(content)

    def _check(self, client):
        """The library takes an answer with any id."""
        last, client._iprot.last = client._iprot.last, None
        if last is not None and last[2] != client._seqid:
            raise AssertionError(f"an answer with the id {last[2]} instead of {client._seqid}")

    def _open(self, timeout):
        if self._client is None:
            host, port = self._target.rsplit(":", 1)
            transport = TSocket(host, int(port))
            wire = protocol(transport)
            wire.trans.open()
            self._client, self._socket = TClient(CALLED.Echo, wire), transport
        self._socket.set_timeout(timeout)
        return self._client

    def _close(self):
        if self._client is not None:
            self._client.close()
            self._client = None

    def close(self):
        with self._lock:
            self._close()


class Echo:
    def echo(self, content):
        return content

    def fail(self, content):
        raise SERVED.Failure("this method fails")

    def slow(self, content):
        time.sleep(int(content.split(b":")[0]) / 1000)
        return content

    def fire(self, content):
        pass


class Watched(TProcessor):
    def __init__(self, seen):
        super().__init__(SERVED.Echo, Echo())
        self._seen = seen

    def process_in(self, iprot):
        taken = super().process_in(iprot)
        method, id = taken[:2]
        self._seen.request(method, {}, id)
        return taken


class Listener(TThreadedServer):
    """Its connections end with it."""

    def __init__(self, sock, processor):
        trans = TServerSocket("127.0.0.1", client_timeout=None)
        trans.sock = sock
        # It listens already.
        trans.listen = lambda: None
        super().__init__(processor, trans, daemon=True)
        self._clients = set()

    def handle(self, client):
        sock = client.sock
        self._clients.add(sock)
        wire = protocol(client)
        try:
            while True:
                self.processor.process(wire, wire)
        except Exception:
            # The caller has gone, or its connection is broken off.
            pass
        finally:
            self._clients.discard(sock)
            client.close()

    def close(self):
        super().close()
        self.trans.close()
        for sock in list(self._clients):
            # Its thread closes it. It may have.
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class Server:
    def __init__(self, port):
        sock = socket.create_server(("127.0.0.1", port))
        self.address = "%s:%d" % sock.getsockname()
        self.seen = Seen()
        self._listener = Listener(sock, Watched(self.seen))
        threading.Thread(target=self._listener.serve, daemon=True).start()

    def close(self):
        self._listener.close()


def serve(port, _service):
    return Server(port)


def connect(target):
    return Connection(target)


def connections(target, count, callers):
    # A caller has to wait for its connection.
    return InTurn(Connection(target) for _ in range(max(count, callers)))
