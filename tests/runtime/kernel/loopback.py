"""A protocol without a wire: a channel that hands its calls to a dispatcher in the same loop."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from contextvars import Context as Variables
from typing import Any

from kernel.support.channel import CallOptions
from kernel.support.context import Context, Metadata
from kernel.support.dispatch import Dispatcher
from kernel.support.endpoint import Endpoint, ProtocolModule
from kernel.support.errors import Code, ServiceError
from kernel.support.operation import Operation
from kernel.support.settings import ClientSettings, ServerSettings

LISTENING: dict[int, "LoopbackListener"] = {}
END = object()


class LoopbackContext(Context):
    """A call with the metadata that the client sent."""

    def __init__(self, operation: Operation, options: CallOptions) -> None:
        super().__init__(operation, "loopback", options.timeout)
        self._sent = options.metadata

    def read_metadata(self) -> Metadata:
        return Metadata(self._sent)


class LoopbackListener:
    """Listens on a number in this process."""

    def __init__(self, endpoint: Endpoint, dispatcher: Dispatcher, _: ServerSettings) -> None:
        self.endpoint = endpoint
        self.dispatcher = dispatcher
        self.calls: set[asyncio.Task[Any]] = set()
        self.accepting = False

    async def start(self) -> Endpoint:
        port = self.endpoint.port or max(LISTENING, default=0) + 1
        if port in LISTENING:
            raise OSError(f"port {port} is taken")
        self.endpoint = self.endpoint.at(port)
        LISTENING[port] = self
        self.accepting = True
        return self.endpoint

    async def stop(self, grace: float) -> None:
        self.accepting = False
        LISTENING.pop(self.endpoint.port, None)
        if self.calls:
            await asyncio.wait(self.calls, timeout=grace)
        for call in self.calls:
            call.cancel()

    def begin(self, call: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run the server's side as a transport does: in a task with no caller's variables."""
        task = asyncio.get_running_loop().create_task(call, context=Variables())
        self.calls.add(task)
        task.add_done_callback(self.calls.discard)
        return task


class LoopbackChannel:
    """Calls whatever listens on the number now; ``Code.UNAVAILABLE`` if nothing does."""

    def __init__(self, endpoint: Endpoint, _: ClientSettings) -> None:
        self.endpoint = endpoint
        self.closed = False

    async def unary(self, operation: Operation, request: Any, options: CallOptions) -> Any:
        listener = self._listener()
        context = LoopbackContext(operation, options)
        task = listener.begin(listener.dispatcher.call(operation)(request, context))
        return await self._answer(task, context, options)

    client_stream = unary

    async def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]:
        listener = self._listener()
        context = LoopbackContext(operation, options)
        responses: asyncio.Queue[Any] = asyncio.Queue(1)

        async def serve() -> None:
            stream = listener.dispatcher.stream(operation)(request, context)
            try:
                async for response in stream:
                    await responses.put(response)
                await responses.put(END)
            except ServiceError as error:
                await responses.put(error)
            finally:
                await stream.aclose()

        task = listener.begin(serve())
        task.add_done_callback(lambda _: responses.empty() and responses.put_nowait(None))
        try:
            while (item := await responses.get()) is not END:
                if item is None:
                    raise ServiceError(Code.UNAVAILABLE, "the server went away")
                if isinstance(item, ServiceError):
                    raise item
                yield item
        finally:
            await _cancelled(task)

    bidi = server_stream

    async def close(self) -> None:
        self.closed = True

    def _listener(self) -> LoopbackListener:
        listener = LISTENING.get(self.endpoint.port)
        if listener is None:
            error = ServiceError(Code.UNAVAILABLE, "nothing listens there")
            error.unsent = True
            raise error
        return listener

    @staticmethod
    async def _answer(task: asyncio.Task[Any], context: Context, options: CallOptions) -> Any:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise ServiceError(Code.UNAVAILABLE, "the server went away") from None
            await _cancelled(task)
            raise
        finally:
            for name, value in context.headers or ():
                options.headers.add(name, value)
            for name, value in context.trailers or ():
                options.trailers.add(name, value)


async def _cancelled(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task


PROTOCOL = ProtocolModule("loopback", LoopbackChannel, LoopbackListener)
