"""A library as server and as client."""

import threading
from concurrent.futures import ThreadPoolExecutor

SERVICE = "test.EchoService:1.0"
ERRORS_TOLD = 5


class Unsupported(Exception):
    """The library cannot do this."""


class Peer:
    """The library is a module: `serve`, `connect` to one connection, `connections` for a load."""

    def __init__(self, library):
        self._library = library
        self._servers = {}
        self._clients = {}
        self._lock = threading.Lock()

    def perform(self, op):
        ops = {
            "serve": self._serve,
            "stop": self._stop,
            "seen": lambda op: self._servers[op["address"]].seen.take(),
            "load": self._load,
            "call": self._call,
            "oneway": self._oneway,
            "heartbeat": self._heartbeat,
            "disconnect": self._disconnect,
        }
        if op["op"] not in ops:
            raise Unsupported("no such operation")
        return ops[op["op"]](op)

    def _serve(self, op):
        port = op.get("address", "127.0.0.1:0").rsplit(":", 1)[1]
        server = self._library.serve(int(port), SERVICE)
        self._servers[server.address] = server
        return {"address": server.address}

    def _stop(self, op):
        self._servers.pop(op["address"]).close()
        return {}

    def _load(self, op):
        # Clients of its own: the number of connections is part of the test.
        callers = op.get("callers", 1)
        client = self._library.connections(op["target"], op.get("connections", 1), callers)
        outcomes, errors = {"ok": 0, "wrong": 0, "failed": 0}, []
        size, timeout = op.get("size", 128), op.get("timeout", 5000)

        def one(n):
            sent = content(n, size)
            try:
                got = client.call(SERVICE, "echo", sent, timeout, op.get("headers", {}))
                return ("ok" if got == sent else "wrong"), None
            except Exception as error:
                return "failed", repr(error)[:200]

        with ThreadPoolExecutor(callers) as threads:
            for outcome, error in threads.map(one, range(op.get("calls", 1))):
                outcomes[outcome] += 1
                if error and len(errors) < ERRORS_TOLD:
                    errors.append(error)
        client.close()
        return {**outcomes, "errors": errors}

    def _call(self, op):
        method = op.get("method", "echo")
        sent = content(op["seq"], op.get("size", 64))
        if method == "slow":
            sent = b"%d:%s" % (op.get("delay", 0), sent)
        service, headers = op.get("service", SERVICE), op.get("headers", {})
        try:
            got = self._client(op).call(service, method, sent, op.get("timeout", 3000), headers)
        except Unsupported:
            raise
        except Exception as error:
            answer = {"outcome": "error", "error": type(error).__name__, "text": str(error)[:200]}
            status = getattr(error, "status", None)
            return answer if status is None else {**answer, "status": status}
        if got != sent:
            return {"outcome": "wrong", "text": repr(got)[:200]}
        return {"outcome": "ok"}

    def _oneway(self, op):
        service, headers = op.get("service", SERVICE), op.get("headers", {})
        sent = content(op["seq"], op.get("size", 64))
        self._client(op).oneway(service, "fire", sent, headers)
        return {"outcome": "ok"}

    def _heartbeat(self, op):
        lack = getattr(self._library, "NO_HEARTBEAT", None)
        if lack:
            raise Unsupported(lack)
        try:
            self._client(op).heartbeat(op.get("timeout", 3000))
        except Exception as error:
            return {"outcome": "error", "error": type(error).__name__, "text": str(error)[:200]}
        return {"outcome": "ok"}

    def _disconnect(self, op):
        with self._lock:
            client = self._clients.pop(op["target"], None)
        if client:
            client.close()
        return {}

    def _client(self, op):
        """The one that stays connected from call to call."""
        with self._lock:
            if op["target"] not in self._clients:
                self._clients[op["target"]] = self._library.connect(op["target"])
            return self._clients[op["target"]]


def content(n, size):
    """A text of so many bytes that no other call has, if there is room for it."""
    # Spreads small numbers over all digits.
    mark = b"%08x" % (n * 0x9E3779B1 & 0xFFFFFFFF)
    return (mark * (size // len(mark) + 1))[:size]
