"""The echo service on anthunder's listener."""

import asyncio
import socket
import time

from anthunder import AioListener, BaseService
from anthunder.protocol import BoltResponse
from anthunder.protocol.constants import CMDCODE

from seen import Seen

START_S = 10


class Echo(BaseService):
    def echo(self, body):
        return body

    def fail(self, body):
        raise ValueError("this method fails")

    def slow(self, body):
        time.sleep(int(body.split(b":")[0]) / 1000)
        return body

    def fire(self, body):
        return body


class Listener(AioListener):
    """Reports what it receives, and closes its connections when it is closed."""

    def __init__(self, sock, seen):
        super().__init__(None, "peers", sock=sock)
        self.address = ()
        self._seen = seen
        self._writers = set()

    def close(self):
        self._loop.call_soon_threadsafe(self._close)

    def _close(self):
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    def serves(self):
        return self._server is not None

    async def _handler_connection(self, reader, writer):
        self._writers.add(writer)
        try:
            await super()._handler_connection(reader, writer)
        finally:
            self._writers.discard(writer)

    async def _dispatch(self, call_type, request_id, sofa_header, body, **how):
        self._seen.request(sofa_header.get("sofa_head_method_name"), sofa_header, request_id)
        return await super()._dispatch(call_type, request_id, sofa_header, body, **how)

    async def _write_msg(self, writer, msg):
        # Only its ack shows a heartbeat.
        if BoltResponse.bolt_header_from_stream(msg)["cmdcode"] == CMDCODE.HEARTBEAT:
            self._seen.heartbeat()
        await super()._write_msg(writer, msg)


class Server:
    def __init__(self, port, service):
        sock = socket.create_server(("127.0.0.1", port))
        self.seen = Seen()
        self.address = "%s:%d" % sock.getsockname()
        self._listener = Listener(sock, self.seen)
        self._listener.handler.register_interface(service, Echo)
        self._listener.run_threading()
        deadline = time.monotonic() + START_S
        while not self._listener.serves():
            if time.monotonic() > deadline:
                raise TimeoutError("the listener does not start")
            time.sleep(0.005)

    def close(self):
        self._listener.close()
