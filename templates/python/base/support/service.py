"""What the base class of every handler offers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from .errors import ConfigurationError
from .events import EventHub


class ServiceBase:
    """Below each generated service class. A handler may override the two hooks."""

    service_name: ClassVar[str]  # as the definition writes it

    @cached_property
    def _events(self) -> EventHub:
        return EventHub()

    async def on_start(self) -> None:
        """Open what the handler needs. Runs before the first call is accepted."""

    async def on_stop(self) -> None:
        """Close what ``on_start`` opened. Runs after the last call has ended."""


def handlers_by_service(handlers: Iterable[ServiceBase]) -> dict[str, ServiceBase]:
    """The handlers by the services that they implement; one may implement several.

    Raises ``ConfigurationError`` if two implement the same.
    """
    found: dict[str, ServiceBase] = {}
    for handler in handlers:
        names = [vars(each).get("service_name") for each in type(handler).__mro__]
        for name in filter(None, names):
            if found.setdefault(name, handler) is not handler:
                raise ConfigurationError(f"two handlers implement the service {name}")
    return found


def end_subscriptions(handler: ServiceBase) -> None:
    """End every subscription to the handler's events: the server stops."""
    if "_events" in vars(handler):
        handler._events.close()
