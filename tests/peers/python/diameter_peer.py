"""python-diameter: Accounting-Requests, whose Class is the content and whose User-Name is the method."""

import importlib.metadata
import itertools
import socket
import threading
import time

from diameter.message import constants as c
from diameter.message.avp import Avp
from diameter.message.commands import AccountingRequest
from diameter.node import Node
from diameter.node.application import Application, ThreadingApplication

from in_turn import InTurn
from peer import Unsupported
from seen import Seen

REALM = "peers"
CLIENT, SERVER = "client.peers", "server.peers"
START_S = 5
# What a header of a call is called, and the attribute of the message.
HEADERS = ("destination_host", "route_record")


def name():
    return "python-diameter " + importlib.metadata.version("python-diameter")


class Refused(Exception):
    """An answer with another Result-Code than success."""

    def __init__(self, status, text):
        super().__init__(f"status {status}: {text or ''}")
        self.status = status


class Quick(Node):
    """Looks at its sockets often enough to be ended at once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.wakeup_interval = 0.05

    def end(self):
        """Closes the sockets. The library then waits for its threads, some seconds."""
        threading.Thread(target=lambda: self.stop(force=True), daemon=True).start()
        self._connection_thread.join(START_S)
        for listening in self.tcp_sockets:
            listening.close()


class ClientNode(Quick):
    """Keeps the Result-Code of a refused Capabilities-Exchange, and notices answered watchdogs."""

    refusal = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.watched = threading.Event()

    def receive_cea(self, conn, message):
        if message.result_code != c.E_RESULT_CODE_DIAMETER_SUCCESS:
            self.refusal = Refused(message.result_code, message.error_message)
        super().receive_cea(conn, message)

    def receive_dwa(self, conn, message):
        super().receive_dwa(conn, message)
        self.watched.set()


class Connection:
    """A node with one connection. Its hop-by-hop identifiers are counted from 1."""

    def __init__(self, target):
        self._target = target
        self._node = None
        self._lock = threading.Lock()

    def call(self, _service, method, content, timeout, headers):
        app = self._open()
        request = AccountingRequest()
        request.header.hop_by_hop_identifier = next(self._ids)
        request.header.is_proxyable = True
        request.session_id = self._node.session_generator.next_id()
        request.origin_host, request.origin_realm = CLIENT.encode(), REALM.encode()
        request.destination_realm = REALM.encode()
        request.accounting_record_type = c.E_ACCOUNTING_RECORD_TYPE_EVENT_RECORD
        request.accounting_record_number = 0
        request.user_name = method
        for header, value in headers.items():
            if header not in HEADERS:
                raise Unsupported("Diameter has no headers of a user")
            setattr(request, header, value.encode())
        request.append_avp(Avp.new(c.AVP_CLASS, value=content))
        answer = app.send_request(request, timeout / 1000)
        if answer.result_code != c.E_RESULT_CODE_DIAMETER_SUCCESS:
            raise Refused(answer.result_code, answer.error_message)
        return contents(answer)

    def oneway(self, *_):
        raise Unsupported("Diameter has no one-way calls")

    def heartbeat(self, timeout):
        self._open()
        self._node.watched.clear()
        self._node.send_dwr(self._peer.connection)
        if not self._node.watched.wait(timeout / 1000):
            raise TimeoutError("no answer to the watchdog")

    def _open(self):
        with self._lock:
            if self._node and self._peer.connection:
                return self._app
            if self._node:
                self._node.end()
            self._node, self._ids = ClientNode(CLIENT, REALM), itertools.count(1)
            host, port = self._target.rsplit(":", 1)
            self._peer = self._node.add_peer(
                f"aaa://{SERVER}:{port}", REALM, [host], is_persistent=True
            )
            self._app = Application(c.APP_DIAMETER_BASE_ACCOUNTING, is_acct_application=True)
            self._node.add_application(self._app, [self._peer])
            self._node.start()
            return self._ready(self._app)

    def _ready(self, app):
        end = time.monotonic() + START_S
        while not app.is_ready.wait(0.005):
            if self._node.refusal:
                raise self._node.refusal
            if time.monotonic() > end or self._peer.disconnect_reason is not None:
                raise ConnectionError("no connection")
        return app

    def close(self):
        with self._lock:
            if self._node:
                self._node.end()
            self._node = None


def contents(message):
    """The Class, one AVP."""
    return b"".join(avp.value for avp in message.find_avps((c.AVP_CLASS, 0)))


class Echo(ThreadingApplication):
    """Answers on the connection that a request came on: several clients may share one, and one client may have several."""

    def __init__(self, seen):
        super().__init__(c.APP_DIAMETER_BASE_ACCOUNTING, is_acct_application=True)
        self._seen = seen

    def handle_request(self, message):
        headers = {name: text(getattr(message, name, None)) for name in HEADERS}
        self._seen.request(message.user_name, headers, message.header.hop_by_hop_identifier)
        content = contents(message)
        answer = self.generate_answer(message, c.E_RESULT_CODE_DIAMETER_SUCCESS)
        answer.accounting_record_type = message.accounting_record_type
        answer.accounting_record_number = message.accounting_record_number
        if message.user_name == "fail":
            answer.result_code = c.E_RESULT_CODE_DIAMETER_UNABLE_TO_COMPLY
            answer.error_message = "this method fails"
        elif message.user_name not in ("echo", "slow"):
            answer.header.is_error = True
            answer.result_code = c.E_RESULT_CODE_DIAMETER_COMMAND_UNSUPPORTED
        else:
            if message.user_name == "slow":
                time.sleep(int(content.split(b":")[0]) / 1000)
            answer.append_avp(Avp.new(c.AVP_CLASS, value=content))
        self.node.send_message(message.came_on, answer)


def text(value):
    if isinstance(value, list):
        value = b",".join(value)
    return value.decode() if value else ""


class ServerNode(Quick):
    def __init__(self, seen, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._seen = seen

    def receive_dwr(self, conn, message):
        self._seen.heartbeat()
        super().receive_dwr(conn, message)

    def _receive_app_request(self, conn, message):
        message.came_on = conn
        super()._receive_app_request(conn, message)


class Server:
    def __init__(self, port):
        # The library does not say which port it has got.
        if port == 0:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
        self.seen = Seen()
        self.address = f"127.0.0.1:{port}"
        self._node = ServerNode(self.seen, SERVER, REALM, ["127.0.0.1"], port)
        known = self._node.add_peer(f"aaa://{CLIENT}", REALM)
        self._node.add_application(Echo(self.seen), [known])
        self._node.start()

    def close(self):
        self._node.end()


def serve(port, _service):
    return Server(port)


def connect(target):
    return Connection(target)


def connections(target, count, _callers):
    return InTurn(Connection(target) for _ in range(count))
