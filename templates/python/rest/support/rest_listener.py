"""The server's side of HTTP: the application on its own port."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from .dispatch import Dispatcher
from .endpoint import Endpoint
from .http import AsgiListener
from .http_direct import DirectConnection
from .rest_app import RestApp
from .rest_routes import Route
from .settings import ServerSettings


class RestListener(AsgiListener):
    """Serves the routes at one address."""

    def __init__(
        self,
        routes: Sequence[Route],
        endpoint: Endpoint,
        dispatcher: Dispatcher,
        settings: ServerSettings,
        document: bytes = b"",
    ) -> None:
        app = RestApp(routes, dispatcher, settings, document)
        connection = partial(DirectConnection, direct=app)
        super().__init__(endpoint, app, settings, connection)
