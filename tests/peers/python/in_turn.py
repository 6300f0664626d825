"""Several connections for one load."""

import itertools


class InTurn:
    """Calls over each of the connections in its turn."""

    def __init__(self, connections):
        self._connections = list(connections)
        self._next = itertools.count()

    def call(self, *args):
        return self._connections[next(self._next) % len(self._connections)].call(*args)

    def close(self):
        for connection in self._connections:
            connection.close()
