"""Methods: what an operation is called on the wire, and its parameters by name or position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from .errors import Violation, invalid
from .json import json_codec
from .operation import Operation


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """How one operation travels."""

    operation: Operation
    name: str
    also: Sequence[str] = ()  # other names that a server takes
    params: Sequence[str] = ()  # the names of the parameters, in order
    is_value: bool = False  # the request is the one parameter, no struct of them
    codes: Mapping[str, int] = field(default_factory=dict)  # of declared errors
    int64_as_string: bool = False


class Params:
    """The parameters of a method as JSON (section 4.2); made once a method."""

    def __init__(self, method: Method) -> None:
        kind: Any = method.operation.request
        if method.is_value:
            kind = msgspec.defstruct("Params", [(method.params[0], kind)])
            self._name = method.params[0]
        self._kind = kind
        self._is_value = method.is_value
        self._codec = json_codec(kind, int64_as_string=method.int64_as_string)
        self._keys = [msgspec.json.encode(name) + b":" for name in method.params]
        self._names = method.params

    def encode(self, request: Any) -> bytes:
        """The parameters by name; empty where the method has none."""
        if self._kind is None:
            return b""
        if self._is_value:
            request = self._kind(request)
        return self._codec.encode(request)

    def decode(self, raw: msgspec.Raw) -> Any:
        """The request. Raises ``ServiceError`` with what is wrong with the parameters."""
        data = bytes(raw)
        if data[:1] == b"[":
            data = self._named(_VALUES(data))
        if self._kind is None:
            return None
        request = self._codec.decode(data or b"{}")
        return getattr(request, self._name) if self._is_value else request

    def _named(self, values: Sequence[msgspec.Raw]) -> bytes:
        if len(values) > len(self._keys):
            most = len(self._keys)
            text = f"is one too many: there are {most} parameters at most"
            raise invalid([Violation(f"[{most}]", text)])
        pairs = zip(self._keys, values, strict=False)
        return b"{%b}" % b",".join([key + bytes(value) for key, value in pairs])


_VALUES = msgspec.json.Decoder(list[msgspec.Raw]).decode
