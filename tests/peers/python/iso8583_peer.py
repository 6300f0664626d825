"""pyiso8583: financial messages behind a length and a TPDU. Element 48 is the content, element 3 the method."""

import importlib.metadata
import sys

import iso8583
from iso8583.specs import default_ascii

from framed import Connection, Refused, Server
from in_turn import InTurn
from peer import Unsupported

METHODS = {"echo": "000000", "fail": "010000", "slow": "020000", "missing": "990000"}
NAMES = {code: name for name, code in METHODS.items()}
# Out and back.
TPDU, BACK = b"\x60\x00\x12\x00\x34", b"\x60\x00\x34\x00\x12"
MOST = 999
APPROVED, FAILED, UNKNOWN = "00", "96", "12"

NO_HEARTBEAT = "an echo test is an ordinary call"


def name():
    return "pyiso8583 " + importlib.metadata.version("pyiso8583")


def framed(tpdu, message):
    encoded, _ = iso8583.encode(message, default_ascii)
    return (len(tpdu) + len(encoded)).to_bytes(2, "big") + tpdu + encoded


def decoded(frame):
    return iso8583.decode(frame[7:], default_ascii)[0]


def read(stream):
    head = stream.read(2)
    if len(head) < 2:
        return b""
    rest = stream.read(int.from_bytes(head, "big"))
    return head + rest


def request(id, _service, method, content, oneway):
    if oneway:
        raise Unsupported("financial messages are answered")
    if len(content) > MOST:
        raise Unsupported("element 48 has at most 999 characters")
    message = {
        "t": "0200",
        "3": METHODS[method],
        "7": "1130172400",
        "11": f"{id:06}",
        "32": "123456",
        "41": "TERM0001",
        "48": content.decode(),
        "49": "978",
    }
    return framed(TPDU, message)


def answer(frame):
    message = decoded(frame)
    id, status = int(message["11"]), message["39"]
    if frame[2:7] != BACK or message["t"] != "0210":
        raise Refused(id, -1, f": {frame[2:7].hex()} {message['t']}")
    if status != APPROVED:
        raise Refused(id, int(status))
    return id, message["48"].encode()


def call(frame):
    message = decoded(frame)
    return int(message["11"]), NAMES[message["3"]], message["48"].encode()


def response(frame, method, _content):
    message = decoded(frame)
    message["t"] = "0210"
    message["39"] = {"echo": APPROVED, "slow": APPROVED, "fail": FAILED}.get(method, UNKNOWN)
    return framed(BACK, message)


WIRE = sys.modules[__name__]


def serve(port, _service):
    return Server(WIRE, port)


def connect(target):
    return Connection(WIRE, target)


def connections(target, count, _callers):
    return InTurn(Connection(WIRE, target) for _ in range(count))
