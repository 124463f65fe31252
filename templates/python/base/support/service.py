"""What the base class of every handler offers."""

from __future__ import annotations

from functools import cached_property

from .events import EventHub


class ServiceBase:
    """Below each generated service class. A handler may override the two hooks."""

    @cached_property
    def _events(self) -> EventHub:
        return EventHub()

    async def on_start(self) -> None:
        """Open what the handler needs. Runs before the first call is accepted."""

    async def on_stop(self) -> None:
        """Close what ``on_start`` opened. Runs after the last call has ended."""

    def end_subscriptions(self) -> None:
        """End every subscription to this service's events; a server does when it stops."""
        if "_events" in self.__dict__:
            self._events.close()
