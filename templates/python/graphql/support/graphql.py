"""GraphQL: queries and mutations over HTTP, subscriptions over WebSocket."""

from __future__ import annotations

from .dispatch import Dispatcher
from .endpoint import Endpoint, Listener
from .graphql_client import GraphqlChannel
from .graphql_fields import RootField, RootFields
from .settings import ServerSettings

__all__ = ["GraphqlChannel", "RootField", "RootFields", "listener"]


def listener(
    fields: RootFields,
    sdl: str,
    endpoint: Endpoint,
    dispatcher: Dispatcher,
    settings: ServerSettings,
) -> Listener:
    """A server of the schema; only servers load graphql-core."""
    from .graphql_app import GraphqlListener

    return GraphqlListener(fields, sdl, endpoint, dispatcher, settings)
