"""The server's side: the application on its own port, for POST and WebSocket alike."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from .dispatch import Dispatcher
from .endpoint import Endpoint
from .http import AsgiListener
from .http_direct import DirectConnection
from .jsonrpc_app import JsonRpcApp
from .jsonrpc_method import Method
from .settings import ServerSettings


class JsonRpcListener(AsgiListener):
    """Serves the methods at one address."""

    def __init__(
        self,
        methods: Sequence[Method],
        endpoint: Endpoint,
        dispatcher: Dispatcher,
        settings: ServerSettings,
        document: bytes = b"",
    ) -> None:
        self._app = JsonRpcApp(methods, dispatcher, settings, document, endpoint.path)
        connection = partial(DirectConnection, direct=self._app)
        super().__init__(endpoint, self._app, settings, connection)

    async def finish(self, grace: float) -> None:
        await self._app.finish(grace)
