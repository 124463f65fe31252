"""JSON as people of REST expect it: values of the model to bytes and back, by msgspec.

Names are the definition's. 64-bit integers are numbers (or decimal strings, by the definition's
``json: {int64: string}``); on input both forms are taken. NaN and the infinities are the strings
``NaN``, ``Infinity``, ``-Infinity``, never null. Whatever msgspec alone gets right takes its fast
path; only a value that it would refuse or spoil is walked by its type.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from .errors import ServiceError, Violation, invalid
from .json_times import refuse_naive
from .json_walk import Leaves, Mend, MisplacedError, walker

_PLACE = re.compile(r" - at `(?:key` in `)?\$\.?(.*)`$")
_ABSENT = re.compile(r"^Object missing required field `(.*)`$")
_SPECIAL = {
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?\Z")
_INTEGER = re.compile(r"-?[0-9]{1,20}\Z")
_SECONDS = re.compile(r"(-?)([0-9]{1,12}(?:\.[0-9]{1,9})?)s\Z")


@dataclass(frozen=True, slots=True)
class JsonCodec:
    """One type on JSON. ``decode`` raises ``ServiceError`` that says where the text is wrong."""

    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]


def json_codec(kind: Any, *, int64_as_string: bool = False) -> JsonCodec:
    """The codec of a type of the model; made once, when a route is mounted."""
    return JsonCodec(_encoder(kind, int64_as_string), _decoder(kind))


def decode_failure(error: msgspec.DecodeError) -> ServiceError:
    """What msgspec found, as an error with the path of the field (``items[2].name``)."""
    if not isinstance(error, msgspec.ValidationError):
        return invalid((), f"the text is no JSON: {error}")
    return invalid([violation(error)])


def violation(error: msgspec.ValidationError, path: str = "") -> Violation:
    """What msgspec found below ``path``."""
    text = str(error).replace("decimal.Decimal", "float")
    place = _PLACE.search(text)
    message = text[: place.start()] if place else text
    parts = [path, place[1] if place else ""]
    if absent := _ABSENT.match(message):
        message = "is required"
        parts.append(absent[1])
    return Violation(".".join(part for part in parts if part), message)


def _decoder(kind: Any) -> Callable[[bytes], Any]:
    strict = msgspec.json.Decoder(kind).decode
    plain = msgspec.json.Decoder(float_hook=Decimal).decode
    read = walker(kind, _READ) or _same
    no_nulls, exact = walker(kind, _NO_NULLS), walker(kind, _EXACT)

    def decode(data: bytes) -> Any:
        try:
            try:
                value = strict(data)
            except msgspec.ValidationError:
                value = msgspec.convert(read(plain(data)), kind)
            if no_nulls is not None and b"null" in data:
                _check(no_nulls, plain(data))
            if exact is not None:
                _check(exact, plain(data))
            return value
        except msgspec.DecodeError as error:
            raise decode_failure(error) from None
        except UnicodeDecodeError:
            raise invalid((), "the text is no UTF-8") from None
        except RecursionError:
            raise invalid((), "the text is nested too deeply") from None

    return decode


def _check(check: Mend, value: Any) -> None:
    try:
        check(value)
    except MisplacedError as error:
        raise invalid([Violation(error.path, error.message)]) from None


def _encoder(kind: Any, int64_as_string: bool) -> Callable[[Any], bytes]:
    """How a value is written. Raises ``ValueError`` for an instant without an offset."""
    encode = _number_encoder(kind, int64_as_string)
    check = refuse_naive(kind)
    if check is None:
        return encode

    def encode_checked(value: Any) -> bytes:
        check(value)
        return encode(value)

    return encode_checked


def _number_encoder(kind: Any, int64_as_string: bool) -> Callable[[Any], bytes]:
    fast = msgspec.json.Encoder().encode
    of_int64 = str if int64_as_string else None
    leaves = Leaves(_write_float, None, of_int64, _write_any, _write_bool_key)
    write = walker(kind, leaves)
    if write is None:
        return fast

    def encode_slowly(value: Any) -> bytes:
        return fast(write(msgspec.to_builtins(value)))

    if walker(kind, Leaves(None, None, of_int64, None, _write_bool_key)) is not None:
        return encode_slowly

    def encode(value: Any) -> bytes:
        data = fast(value)
        return encode_slowly(value) if b"null" in data else data

    return encode


def _read_float(value: Any) -> Any:
    if isinstance(value, str):
        return _SPECIAL.get(value, value)
    return float(value) if isinstance(value, Decimal) else value


def _read_int(value: Any) -> Any:
    """JSON knows no integers: 1.0 is one (JSON Schema 2020-12, 4.2.3)."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value) if value.adjusted() < 20 else value
    return value


def _read_int64(value: Any) -> Any:
    if isinstance(value, str):
        return int(value) if _INTEGER.match(value) else value
    return _read_int(value)


def read_duration(value: Any) -> Any:
    """``1.5s``, as protobuf writes it on JSON, in the form of ISO 8601; all else as it is."""
    if isinstance(value, str) and (match := _SECONDS.match(value)):
        return f"{match[1]}PT{match[2]}S"
    return value


def _read_any(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_read_any(item) for item in value]
    if isinstance(value, dict):
        return {key: _read_any(item) for key, item in value.items()}
    return value


def _read_bool_key(key: Any) -> Any:
    return {"true": True, "false": False}.get(key, key)


def _write_float(value: Any) -> Any:
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _write_any(value: Any) -> Any:
    if isinstance(value, float):
        return _write_float(value)
    if isinstance(value, list | tuple):
        return [_write_any(item) for item in value]
    if isinstance(value, dict):
        return {key: _write_any(item) for key, item in value.items()}
    return value


def _write_bool_key(key: Any) -> Any:
    return {True: "true", False: "false"}.get(key, key)


def _same(value: Any) -> Any:
    return value


def _not_null(value: Any) -> Any:
    if value is None:
        raise MisplacedError("must not be null")
    return value


def _decimal(value: Any) -> Any:
    if isinstance(value, str) and not _DECIMAL.match(value):
        raise MisplacedError("is no decimal number")
    return value


def _distinct(items: Any) -> Any:
    scalars = [item for item in items if not isinstance(item, list | dict)]
    if len(set(scalars)) < len(scalars):
        raise MisplacedError("has an item twice")
    return items


_READ = Leaves(
    _read_float,
    _read_int,
    _read_int64,
    _read_any,
    _read_bool_key,
    _read_int64,
    of_duration=read_duration,
)
_NO_NULLS = Leaves(None, None, None, None, None, of_optional=_not_null)
_EXACT = Leaves(None, None, None, None, None, of_set=_distinct, of_decimal=_decimal)
