"""What is known of the call that runs now: metadata, deadline, caller, trace."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

from .metadata import checked
from .operation import Operation
from .settings import Principal
from .trace import Trace


class Metadata:
    """Pairs of a lower-case name and a text, in order; a name may occur several times.

    Names that end in ``-bin`` carry base64 text on text wires and bytes in gRPC; here
    they are always ``bytes``.
    """

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Iterable[tuple[str, str | bytes]] = ()) -> None:
        self._pairs = list(pairs)

    def get(self, name: str, default: str = "") -> str:
        """The first text under ``name``."""
        name = name.lower()
        for key, value in self._pairs:
            if key == name and isinstance(value, str):
                return value
        return default

    def get_all(self, name: str) -> list[str | bytes]:
        """All values under ``name``, in order."""
        name = name.lower()
        return [value for key, value in self._pairs if key == name]

    def add(self, name: str, value: str | bytes) -> None:
        self._pairs.append((name.lower(), value))

    def clear(self) -> None:
        self._pairs.clear()

    def __iter__(self) -> Iterator[tuple[str, str | bytes]]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)


class Context:
    """One call at the server. ``current()`` gives it to a handler.

    A protocol makes one a call and overrides ``read_metadata`` to translate its headers
    only when somebody asks for them. ``started`` and ``deadline`` are seconds of
    ``time.monotonic``.
    """

    __slots__ = (
        "_metadata",
        "_trace",
        "deadline",
        "headers",
        "operation",
        "peer",
        "principal",
        "protocol",
        "started",
        "trailers",
    )

    def __init__(
        self, operation: Operation, protocol: str, timeout: float | None = None
    ) -> None:
        self.operation = operation
        self.protocol = protocol
        self.started = time.monotonic()
        self.deadline = None if timeout is None else self.started + timeout
        self.peer = ""
        self.principal: Principal | None = None  # what the authentication hook returned
        self._metadata: Metadata | None = None
        self._trace: Trace | None = None
        self.headers: Metadata | None = (
            None  # sent before the first response, if set by then
        )
        self.trailers: Metadata | None = None  # sent after the last response

    def read_metadata(self) -> Metadata:
        return Metadata()

    @property
    def metadata(self) -> Metadata:
        """The request's metadata."""
        if self._metadata is None:
            self._metadata = self.read_metadata()
        return self._metadata

    @property
    def trace(self) -> Trace:
        """The W3C trace context: a child of the caller's, or a new one."""
        if self._trace is None:
            self._trace = Trace.child_of(
                self.metadata.get("traceparent"), self.metadata.get("tracestate")
            )
        return self._trace

    @trace.setter
    def trace(self, trace: Trace) -> None:
        self._trace = trace

    @property
    def remaining(self) -> float | None:
        """Seconds until the caller gives up, ``None`` if it waits for ever."""
        return (
            None
            if self.deadline is None
            else max(0.0, self.deadline - time.monotonic())
        )

    def add_header(self, name: str, value: str | bytes) -> None:
        """Send metadata before the first response.

        Raises ``ValueError`` for what not every protocol can carry, as ``add_trailer`` does:
        names have letters, digits, ``-``, ``_`` and ``.``, texts are printable ASCII, and
        bytes (no others) have names that end in ``-bin``.
        """
        if self.headers is None:
            self.headers = Metadata()
        self.headers.add(*checked(name, value))

    def add_trailer(self, name: str, value: str | bytes) -> None:
        """Send metadata after the last response."""
        if self.trailers is None:
            self.trailers = Metadata()
        self.trailers.add(*checked(name, value))


CURRENT: ContextVar[Context | None] = ContextVar("CURRENT", default=None)


def current() -> Context:
    """The call that this handler serves. Raises ``LookupError`` outside of a call."""
    context = CURRENT.get()
    if context is None:
        raise LookupError("no call is being served here")
    return context
