"""GraphQL: queries and mutations over HTTP, subscriptions over WebSocket."""

from __future__ import annotations

from collections.abc import Sequence

from .dispatch import Dispatcher
from .endpoint import Endpoint, Listener
from .graphql_client import GraphqlChannel
from .graphql_fields import RootField
from .settings import ServerSettings

__all__ = ["GraphqlChannel", "RootField", "listener"]


def listener(
    fields: Sequence[RootField],
    sdl: str,
    endpoint: Endpoint,
    dispatcher: Dispatcher,
    settings: ServerSettings,
) -> Listener:
    """A server of the schema; only servers load graphql-core."""
    from .graphql_app import GraphqlListener

    return GraphqlListener(fields, sdl, endpoint, dispatcher, settings)
