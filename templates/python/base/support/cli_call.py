"""The command ``call``: JSON in, a call, JSON out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from .blocking import requests_of
from .channel import CallOptions
from .client import ServiceClient, open_channel
from .endpoint import Schemes
from .errors import ConfigurationError, ServiceError
from .json import json_codec
from .operation import Operation
from .settings import ClientSettings


class UsageError(ConfigurationError):
    """The user asked for something that is not there or not JSON of the right shape."""


class Calls:
    """Calls operations of one server for a shell."""

    def __init__(self, schemes: Schemes, url: str, settings: ClientSettings) -> None:
        self._schemes = schemes
        self._url = url
        self._settings = settings
        self._wrong_line: UsageError | None = None

    @staticmethod
    def find(operations: Sequence[Operation], name: str) -> Operation:
        """The operation called ``method``, or ``Service.method``."""
        found = [each for each in operations if name in (each.name, each.key)]
        if len(found) == 1:
            return found[0]
        if found:
            keys = ", ".join(each.key for each in found)
            raise UsageError(f"{name!r} may be any of {keys}")
        names = [text for each in operations for text in (each.name, each.key)]
        near = get_close_matches(name, names, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"no operation is called {name!r}{hint}")

    async def call(
        self, operation: Operation, texts: Sequence[str], timeout: float | None
    ) -> None:
        """Make the call and print its responses, one JSON a line.

        Raises ``ServiceError`` as the server does, ``UsageError`` for a wrong request.
        """
        asks_stream = operation.kind.asks_stream
        request = None if asks_stream else self._one(operation, texts)
        options = CallOptions(timeout)
        encode = json_codec(operation.response).encode
        channel = open_channel(self._url, self._schemes, self._settings)
        async with ServiceClient(channel, self._settings) as client:
            if asks_stream:
                request = requests_of(self._many(operation, texts))
            try:
                if operation.kind.gives_stream:
                    responses = client._server_stream(operation, request, options)
                    async for response in responses:
                        print(encode(response).decode(), flush=True)
                else:
                    response = await client._unary(operation, request, options)
                    if operation.response is not None:
                        print(encode(response).decode(), flush=True)
            except Exception:
                if self._wrong_line is not None:
                    raise self._wrong_line from None
                raise
        if self._wrong_line is not None:
            raise self._wrong_line

    @staticmethod
    def describe(error: ServiceError) -> str:
        """The error as one line of JSON."""
        facts: dict[str, Any] = {"code": error.code.value, "message": error.message}
        if error.error_name:
            facts["error"] = error.error_name
        if error.payload is not None:
            encode = json_codec(type(error.payload)).encode
            facts["payload"] = msgspec.Raw(encode(error.payload))
        if error.violations:
            facts["violations"] = error.violations
        return msgspec.json.encode(facts).decode()

    def _one(self, operation: Operation, texts: Sequence[str]) -> Any:
        if len(texts) > 1:
            raise UsageError(f"{operation.key} takes one request, not {len(texts)}")
        given = [_whole(text) for text in texts]
        if operation.request is None:
            if given and given[0].strip() not in ("{}", "null"):
                raise UsageError(f"{operation.key} takes no request")
            return None
        return _decode(operation, given[0] if given else "{}")

    def _many(self, operation: Operation, texts: Sequence[str]) -> Iterator[Any]:
        try:
            for line in _lines(texts or ["-"]):
                yield _decode(operation, line)
        except UsageError as error:
            self._wrong_line = error
            raise


def _decode(operation: Operation, text: str) -> Any:
    try:
        return json_codec(operation.request).decode(text.encode())
    except (ServiceError, RecursionError) as error:
        raise UsageError(f"{text.strip()[:60]!r} is no request: {error}") from None


def _whole(text: str) -> str:
    """The JSON text: given as it is, or all of ``@file`` or ``-``."""
    if text == "-":
        return sys.stdin.read()
    if text.startswith("@"):
        return "".join(_read(text[1:]))
    return text


def _lines(texts: Sequence[str]) -> Iterator[str]:
    """The JSON texts: given as they are, or one a line of ``@file`` or ``-``."""
    for text in texts:
        if text == "-":
            yield from filter(str.strip, sys.stdin)
        elif text.startswith("@"):
            yield from filter(str.strip, _read(text[1:]))
        else:
            yield text


def _read(path: str) -> Iterator[str]:
    """The lines of a file."""
    with Path(path).open(encoding="utf-8") as file:
        try:
            yield from file
        except UnicodeDecodeError:
            raise UsageError(f"{path} is not in UTF-8") from None
