"""The server's side: the application on its own port, for POST and WebSocket alike."""

from __future__ import annotations

from collections.abc import Sequence

from .dispatch import Dispatcher
from .endpoint import Endpoint
from .http import AsgiListener
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
        super().__init__(endpoint, self._app, settings)

    async def finish(self, grace: float) -> None:
        await self._app.finish(grace)
