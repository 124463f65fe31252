"""TLS contexts from PEM files: version 1.2 or newer, mutual when asked."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path

from .errors import ConfigurationError
from .settings import Tls


def server_context(tls: Tls, alpn: Sequence[str] = ()) -> ssl.SSLContext:
    """For a server; with ``tls.ca``, clients must show a certificate of that authority.

    Raises ``ConfigurationError`` that says which file is missing or wrong.
    """
    if tls.certificate is None or tls.key is None:
        raise ConfigurationError("a TLS server needs a certificate and its key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _load_certificate(context, tls)
    if tls.ca is not None:
        _load_authorities(context, tls.ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return _finished(context, alpn)


def client_context(tls: Tls | None, alpn: Sequence[str] = ()) -> ssl.SSLContext:
    """For a client: trusts ``tls.ca``, or else what the system trusts; checks names."""
    context = ssl.create_default_context()
    if tls is not None and tls.ca is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _load_authorities(context, tls.ca)
    if tls is not None and tls.certificate is not None:
        _load_certificate(context, tls)
    return _finished(context, alpn)


def read_pem(path: Path | None) -> bytes | None:
    """The bytes of a PEM file for libraries that want those; ``None`` for no file."""
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the TLS file {path}: {error.strerror}"
        ) from None


def _finished(context: ssl.SSLContext, alpn: Sequence[str]) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


def _load_certificate(context: ssl.SSLContext, tls: Tls) -> None:
    read_pem(tls.certificate)
    read_pem(tls.key)
    if tls.certificate is None:
        return
    try:
        context.load_cert_chain(tls.certificate, tls.key)
    except (ssl.SSLError, OSError) as error:
        raise ConfigurationError(
            f"{tls.certificate} and {tls.key or tls.certificate}"
            f" are no PEM certificate with its key: {error}"
        ) from None


def _load_authorities(context: ssl.SSLContext, path: Path) -> None:
    read_pem(path)
    try:
        context.load_verify_locations(path)
    except (ssl.SSLError, OSError) as error:
        raise ConfigurationError(f"{path} has no PEM certificates: {error}") from None
