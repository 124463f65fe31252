"""Addresses ``scheme://host:port/path?option=value``; the scheme is the protocol's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, urlsplit

from .errors import ConfigurationError

if TYPE_CHECKING:
    from .channel import Channel
    from .dispatch import Dispatcher
    from .settings import ClientSettings, ServerSettings

_DEFAULT_PORTS = {"http": 80, "https": 443}  # RFC 9110, 4.2.1 and 4.2.2


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of a URL. Port 0 lets the system choose."""

    scheme: str
    host: str
    port: int
    path: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def authority(self) -> str:
        """``host:port``, an IPv6 address in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    def at(self, port: int) -> Endpoint:
        return replace(self, port=port)


def parse_url(url: str) -> list[Endpoint]:
    """The addresses of a URL; commas separate several: ``grpc://a:1,b:1``.

    Over HTTP the port may be absent: ``https://api.example``.

    Raises ``ConfigurationError`` that says what is wrong with the URL.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or not rest:
        raise ConfigurationError(f"{url!r} is not a URL of the form scheme://host:port")
    hosts, slash, path = rest.partition("/")
    hosts, question, query = hosts.partition("?") if not slash else (hosts, "", "")
    endpoints = []
    usual = _DEFAULT_PORTS.get(scheme.lower().rpartition("+")[2])
    for host in hosts.split(","):
        parts = urlsplit(f"//{host}{slash}{path}{question}{query}")
        try:
            port = usual if parts.port is None else parts.port
        except ValueError:
            raise ConfigurationError(
                f"{url!r} has a port that is no number from 0 to 65535"
            ) from None
        if not parts.hostname or port is None:
            raise ConfigurationError(f"{url!r} lacks a host or a port")
        options = dict(parse_qsl(parts.query))
        endpoints.append(
            Endpoint(
                scheme.lower(), parts.hostname, port, parts.path.rstrip("/"), options
            )
        )
    return endpoints


class Listener(Protocol):
    """A server of one protocol on one address."""

    async def start(self) -> Endpoint:
        """Bind and accept; return the address with the port that was bound."""
        ...

    async def stop(self, grace: float) -> None:
        """Accept nothing new, give calls in flight ``grace`` seconds, then end them.

        May be cancelled, and called again with less grace.
        """
        ...


@dataclass(frozen=True, slots=True)
class ProtocolModule:
    """What ``_gen/<protocol>.py`` offers as ``PROTOCOL``: the two sides of one wire."""

    name: str
    connect: Callable[[Endpoint, ClientSettings], Channel]
    listen: Callable[[Endpoint, Dispatcher, ServerSettings], Listener]


class Schemes:
    """Which module speaks which URL scheme; a module is imported when first used."""

    def __init__(self, package: str, modules: Mapping[str, str]) -> None:
        """``modules``: the name of a module of ``package``, by scheme."""
        self._package = package
        self._modules = modules

    def protocol(self, scheme: str) -> ProtocolModule:
        """The protocol of a scheme. ``ConfigurationError`` names the known."""
        name = self._modules.get(scheme)
        if name is None:
            known = ", ".join(sorted(self._modules))
            raise ConfigurationError(
                f"no protocol has the URL scheme {scheme!r}; known: {known}"
            )
        module = import_module(f".{name}", self._package)
        protocol: ProtocolModule = module.PROTOCOL
        return protocol

    def is_secure(self, scheme: str) -> bool:
        """Does the scheme speak TLS? Those that do are another scheme with an ``s``."""
        return scheme.endswith("s") and scheme[:-1] in self._modules

    def connect(self, endpoint: Endpoint, settings: ClientSettings) -> Channel:
        """A channel to one address; nothing is sent before the first call."""
        return self.protocol(endpoint.scheme).connect(endpoint, settings)

    def listen(
        self, endpoint: Endpoint, dispatcher: Dispatcher, settings: ServerSettings
    ) -> Listener:
        """A listener for one address, not yet started."""
        return self.protocol(endpoint.scheme).listen(endpoint, dispatcher, settings)


def endpoints_of(urls: str | Sequence[str]) -> list[Endpoint]:
    """The addresses of one URL or of several."""
    listed = [urls] if isinstance(urls, str) else urls
    return [endpoint for url in listed for endpoint in parse_url(url)]
