"""What the owner of a server or client may set. Every default is safe to run with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files.

    A server needs ``certificate`` and ``key``; with ``ca`` it demands a client's
    certificate too (mTLS). A client needs ``ca`` unless the system's roots do, and
    ``certificate`` and ``key`` for mTLS.
    """

    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a caller presented: the scheme (``bearer``, ``api_key``) and the secret."""

    scheme: str
    secret: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, and what it may do."""

    name: str
    scopes: frozenset[str] = frozenset()


Authenticate = Callable[[Credentials], Awaitable[Principal | None]]
"""The server's hook: who presents these credentials? ``None`` refuses them."""

Token = Callable[[], Awaitable[str]]
"""The client's hook: the secret to present. Asked before each call: it may change."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How a server behaves, on every protocol. Times are seconds."""

    max_message_bytes: int = 4 * MIB
    max_in_flight: int = 1024
    """Calls at once; more get ``resource_exhausted``."""

    max_connections: int = 4096
    """Connections of one listener; more get status 503, on Thrift they are closed."""

    default_deadline: float | None = None
    """Of a call with one response, where neither caller nor definition says."""

    idle_timeout: float = 30.0
    """How long a client may be silent inside a request, or not read a response."""

    drain_grace: float = 10.0
    """What calls in flight have after SIGTERM."""

    tls: Tls | None = None
    authenticate: Authenticate | None = None
    ready: Callable[[], Awaitable[bool]] | None = None
    """Is everything there that the handlers depend on?"""

    reflection: bool = True
    docs: bool = True
    """OpenAPI and its page, and their like."""

    cors_origins: tuple[str, ...] = ()
    """Of pages in browsers that may call; ``("*",)`` is any."""

    access_log: bool = False
    """A line a call, at level INFO. Failures are always logged."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Retries of idempotent operations: exponential backoff, full jitter, a budget."""

    attempts: int = 3
    """In all, the first included."""

    first_delay: float = 0.05
    max_delay: float = 2.0
    """Seconds. A delay is random between 0 and a ceiling that doubles up to this."""

    budget: float = 0.1
    """Retries that a call allows on average; 0 turns them off."""


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When an address rests: after ``failures`` in a row, for ``cooldown`` seconds.

    Then one call probes it. Only ``Code.UNAVAILABLE`` is a failure of the address.
    """

    failures: int = 5
    cooldown: float = 5.0


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How a client behaves, on every protocol."""

    timeout: float | None = 30.0
    """Seconds of a call with one response, where neither call nor definition says."""

    retry: RetryPolicy = field(default_factory=RetryPolicy)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    tls: Tls | None = None
    bearer: Token | None = None
    api_key: Token | None = None
    max_message_bytes: int = 4 * MIB
    compression: str | None = None
    """``gzip``, or nothing."""

    metadata: tuple[tuple[str, str | bytes], ...] = ()
    """Sent with every call."""

    validate: bool = False
    """Check requests against the definition's limits before they are sent."""

    options: dict[str, Any] = field(default_factory=dict)
    """Passed to the library of the transport."""
