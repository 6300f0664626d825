"""anthunder: bolt v1 with plain bytes as contents."""

import importlib.metadata

from bolt_client import Connection
from bolt_server import Server
from in_turn import InTurn

NO_HEARTBEAT = "anthunder drops the ack and then fails with `KeyError`"


def name():
    return "anthunder " + importlib.metadata.version("anthunder")


def serve(port, service):
    return Server(port, service)


def connect(target):
    return Connection(target)


def connections(target, count, _callers):
    return InTurn(Connection(target) for _ in range(count))
