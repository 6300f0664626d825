"""Does what the lines on its standard input ask for, and answers each with a line."""

import importlib
import json
import os
import sys
import threading
import traceback

from peer import Peer, Unsupported

# Each is imported for its own kind only: they need not get along in one process.
LIBRARIES = {
    "python": "bolt_peer",
    "python-diameter": "diameter_peer",
    "python-iso8583": "iso8583_peer",
    "python-kafka": "kafka_peer",
    "python-smpp": "smpp_peer",
    "python-someip": "someip_peer",
    "python-thrift": "thrift_peer",
    "python-thrift-compact": "thrift_peer",
}


def perform(peer, op):
    try:
        answer = peer.perform(op)
    except Unsupported as lacks:
        answer = {"unsupported": str(lacks)}
    except Exception as failure:
        traceback.print_exc()
        answer = {"failed": repr(failure)}
    return {**answer, "seq": op["seq"]}


def main():
    # What libraries print goes to the log.
    out, sys.stdout = sys.stdout, sys.stderr
    lock = threading.Lock()

    def answer(fields):
        with lock:
            out.write(json.dumps(fields) + "\n")
            out.flush()

    library = importlib.import_module(LIBRARIES[sys.argv[1]])
    peer = Peer(library)
    answer({"ready": True, "library": library.name()})
    for line in sys.stdin:
        op = json.loads(line)
        task = threading.Thread(target=lambda op=op: answer(perform(peer, op)), daemon=True)
        task.start()
    # Servers and clients have threads that would go on.
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
