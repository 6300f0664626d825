"""anthunder's client for one target, over one or more connections."""

import asyncio

import anthunder.client.aio_client
from anthunder import AioClient
from anthunder.protocol import BoltRequest, BoltResponse, SofaHeader
from anthunder.protocol.constants import PTYPE
from mytracer import SpanContext

REFUSED = {}
SEND_S = 5


class Refused(Exception):
    """An answer with a status other than success."""

    def __init__(self, status):
        super().__init__(f"status {status.value}, {status.name}")
        self.status = status.value


class Response(BoltResponse):
    """Notes the status of a refused call, which the client logs and forgets."""

    @classmethod
    def bolt_content_from_stream(cls, stream, bolt_headers):
        response = super().bolt_content_from_stream(stream, bolt_headers)
        if response.respstatus:
            REFUSED[response.request_id] = response.respstatus
        return response


anthunder.client.aio_client.BoltResponse = Response


class Connection(AioClient):
    def __init__(self, target):
        super().__init__("peers")
        host, port = target.rsplit(":", 1)
        self._target = host, int(port)

    def _get_address(self, interface):
        return self._target

    def call(self, service, method, content, timeout, headers):
        try:
            return self.invoke_sync(
                service, method, content, spanctx=SpanContext(), timeout_ms=timeout, **headers
            )
        except KeyError as missing:
            # The client looks for the answer that it has dropped.
            raise Refused(REFUSED.pop(missing.args[0])) from missing

    def oneway(self, service, method, content, headers):
        """The library's own `invoke_oneway` sends an ordinary request."""
        header = SofaHeader.build_header(SpanContext(), service, method, **headers)
        request = BoltRequest.new_request(header, content, ptype=PTYPE.ONEWAY)
        sent = asyncio.run_coroutine_threadsafe(self.invoke(request), self._loop)
        sent.result(SEND_S)

    async def invoke(self, request, **where):
        response = await super().invoke(request, **where)
        if response is None and request.ptype != PTYPE.ONEWAY:
            raise ConnectionError("the request could not be sent")
        return response

    def close(self):
        self._loop.call_soon_threadsafe(self._close)

    def _close(self):
        for task, writer in self.connection_mapping.values():
            task.cancel()
            writer.close()
        self._loop.call_soon(self._loop.stop)
