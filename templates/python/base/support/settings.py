"""What the owner of a server or client may set. Every default is safe to run with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files. A server needs ``certificate`` and ``key``; with ``ca`` it demands a client's (mTLS).

    A client needs ``ca`` unless the system's roots do, and ``certificate`` and ``key`` for mTLS.
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
"""The client's hook: the secret to present; asked before every call, so that it may be renewed."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    max_message_bytes: int = 4 * MIB
    max_in_flight: int = 1024  # calls at once; more get resource_exhausted
    max_connections: int = 4096  # of an HTTP listener; more get status 503
    default_deadline: float | None = (
        None  # seconds, where neither caller nor definition says
    )
    idle_timeout: float = 30.0  # seconds that a client may be silent inside a request
    drain_grace: float = 10.0  # seconds that calls in flight have after SIGTERM
    tls: Tls | None = None
    authenticate: Authenticate | None = None
    ready: Callable[[], Awaitable[bool]] | None = (
        None  # is what the handler depends on there?
    )
    reflection: bool = True
    docs: bool = True  # OpenAPI and its page, and their like
    cors_origins: tuple[str, ...] = ()  # of browsers' pages; ("*",): any
    access_log: bool = False  # a line a call, at level INFO; failures are always logged


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Retries of idempotent operations: exponential backoff with full jitter, within a budget."""

    attempts: int = 3  # in all
    first_delay: float = 0.05  # seconds
    max_delay: float = 2.0
    budget: float = 0.1  # retries allowed a call on average; 0 turns retries off


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """After ``failures`` in a row an address rests for ``cooldown`` seconds, then one call probes it."""

    failures: int = 5
    cooldown: float = 5.0


@dataclass(frozen=True, slots=True)
class ClientSettings:
    timeout: float | None = 30.0  # seconds, where neither call nor definition says
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    tls: Tls | None = None
    bearer: Token | None = None
    api_key: Token | None = None
    max_message_bytes: int = 4 * MIB
    compression: str | None = None  # "gzip"
    metadata: tuple[tuple[str, str | bytes], ...] = ()
    validate: bool = (
        False  # check requests against the definition's limits before sending
    )
    options: dict[str, Any] = field(
        default_factory=dict
    )  # passed to the transport's library
