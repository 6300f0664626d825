"""What a server has received since it was last asked."""

import collections
import threading

LAST = 16
# More than the calls of a load.
LAST_IDS = 4096


class Seen:
    def __init__(self):
        self._lock = threading.Lock()
        self._counts = collections.Counter()
        self._headers = collections.deque(maxlen=LAST)
        self._ids = collections.deque(maxlen=LAST_IDS)

    def request(self, method, headers, id=None):
        with self._lock:
            self._counts["oneways" if method == "fire" else "calls"] += 1
            self._headers.append(dict(headers))
            if id is not None:
                self._ids.append(id)

    def heartbeat(self):
        with self._lock:
            self._counts["heartbeats"] += 1

    def take(self):
        with self._lock:
            taken = {key: self._counts[key] for key in ("calls", "oneways", "heartbeats")}
            taken["headers"], taken["ids"] = list(self._headers), list(self._ids)
            self._counts.clear()
            self._headers.clear()
            self._ids.clear()
        return taken
