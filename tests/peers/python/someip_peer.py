"""scapy's SOME/IP: a service with a method for each of the peers' own."""

import importlib.metadata
import sys

from scapy.contrib.automotive.someip import SOMEIP
from scapy.packet import Raw

from framed import Connection, Refused, Server
from in_turn import InTurn

SERVICE = 0x1234
METHODS = {"echo": 1, "fail": 2, "slow": 3, "fire": 4, "missing": 99}
NAMES = {code: name for name, code in METHODS.items()}

NO_HEARTBEAT = "SOME/IP has none over TCP"


def name():
    return "scapy " + importlib.metadata.version("scapy")


def read(stream):
    head = stream.read(8)
    if len(head) < 8:
        return b""
    return head + stream.read(int.from_bytes(head[4:], "big"))


def framed(content, **fields):
    # The library counts a payload as length, and not what is in the field that it reads one into.
    return bytes(SOMEIP(**fields) / Raw(content))


def content_of(message):
    return b"".join(bytes(part) for part in message.data)


def id_of(message):
    return message.client_id << 16 | message.session_id


def request(id, _service, method, content, oneway):
    return framed(
        content,
        srv_id=SERVICE,
        sub_id=METHODS[method],
        client_id=id >> 16,
        session_id=id & 0xFFFF,
        iface_ver=3,
        msg_type=SOMEIP.TYPE_REQUEST_NO_RET if oneway else SOMEIP.TYPE_REQUEST,
    )


def answer(frame):
    message = SOMEIP(frame)
    id = id_of(message)
    if message.retcode != SOMEIP.RET_E_OK:
        raise Refused(id, message.retcode)
    if message.msg_type != SOMEIP.TYPE_RESPONSE or message.iface_ver != 3:
        raise Refused(id, -1, f": {frame[:16].hex()}")
    return id, content_of(message)


def call(frame):
    message = SOMEIP(frame)
    return id_of(message), NAMES[message.sub_id], content_of(message)


def response(frame, method, content):
    message = SOMEIP(frame)
    if message.msg_type == SOMEIP.TYPE_REQUEST_NO_RET:
        return None
    kind, code = SOMEIP.TYPE_RESPONSE, SOMEIP.RET_E_OK
    if method == "fail":
        kind, code, content = SOMEIP.TYPE_ERROR, SOMEIP.RET_E_NOT_OK, b""
    elif method == "missing":
        kind, code, content = SOMEIP.TYPE_ERROR, SOMEIP.RET_E_UNKNOWN_METHOD, b""
    return framed(
        content,
        srv_id=message.srv_id,
        sub_id=message.sub_id,
        client_id=message.client_id,
        session_id=message.session_id,
        iface_ver=message.iface_ver,
        msg_type=kind,
        retcode=code,
    )


WIRE = sys.modules[__name__]


def serve(port, _service):
    return Server(WIRE, port)


def connect(target):
    return Connection(WIRE, target)


def connections(target, count, _callers):
    return InTurn(Connection(WIRE, target) for _ in range(count))
