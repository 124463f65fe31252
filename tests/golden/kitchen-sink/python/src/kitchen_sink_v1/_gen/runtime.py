"""What servers and clients may set, raise and ask, whatever the definition."""

from __future__ import annotations

from .support.channel import CallOptions, Channel
from .support.context import Context, Metadata, current
from .support.errors import Code, ServiceError, Violation
from .support.logs import configure as configure_logs
from .support.server import Server
from .support.settings import (
    BreakerPolicy,
    ClientSettings,
    Credentials,
    Principal,
    RetryPolicy,
    ServerSettings,
    Tls,
)

__all__ = [
    "BreakerPolicy",
    "CallOptions",
    "Channel",
    "ClientSettings",
    "Code",
    "Context",
    "Credentials",
    "Metadata",
    "Principal",
    "RetryPolicy",
    "Server",
    "ServerSettings",
    "ServiceError",
    "Tls",
    "Violation",
    "configure_logs",
    "current",
]
