"""The structs that a call travels in: its arguments, its result, and what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .errors import ServiceError
from .thrift_types import (
    I32,
    LIST,
    MAP,
    STRUCT,
    TEXT,
    Struct,
    Type,
    builder,
    by_number,
    holds_uuid,
)
from .thrift_values import TooLarge, Wrong
from .thrift_wire import Incomplete, Input, Wire

MESSAGE = 255
"""The field of a result that carries the text of a declared error; others skip it."""

Attachments = dict[str, str]
"""What Thrift has no place for: metadata, and how long the caller waits.

A field of number 0 before all arguments. No method has such a field, so that every peer
skips it.
"""

_MISSING = object()
_BEYOND = "size exceeded specified limit"
_REQUIRED = re.compile(r"Missing required argument '(.+)'")


class Value:
    """The struct of one argument or of a result, in passing."""

    value: Any = _MISSING
    attachments: Attachments | None = None


class Answer:
    """The struct of a result that may be an error instead."""

    value: Any = _MISSING
    thrown: Any = None
    message = ""


class Failure:
    """``TApplicationException``, with our code and where a request is wrong."""

    __slots__ = ("code", "message", "number", "violations")

    def __init__(self) -> None:
        self.message = ""
        self.number = 0
        self.code: str | None = None
        self.violations: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Thrown:
    """An error that a method declares, and the struct of its payload."""

    number: int
    error: type[ServiceError]
    struct: Struct


class Method:
    """How one method's arguments and results are written and read.

    ``arguments`` is the struct of its parameters, or ``value`` the type of its only
    one. What cannot be written or read raises ``Wrong``.
    """

    def __init__(
        self,
        *,
        arguments: Struct | None = None,
        value: Type | None = None,
        nullable: bool = False,
        result: Type | None = None,
        throws: Sequence[Thrown] = (),
    ) -> None:
        self._arguments = arguments
        self._value = value
        self._read = None if value is None else value.read
        self._nullable = nullable
        self._result = result
        self._errors = {each.error: each for each in throws}
        self._payloads = {each.error.payload_type: each.error for each in throws}
        if arguments is None:
            self._asked = _one(1, value, _ATTACHED)
        else:
            self._asked = arguments.spec
            self._attached = _with_attachments(arguments)
        self._answered = _one(0, result)
        self._answer = [Answer, by_number(_answer(result, throws))]
        self.asks_uuid = holds_uuid(self._asked)
        self.answers_uuid = holds_uuid(self._answer)

    def write_request(
        self, wire: Wire, request: Any, attachments: Attachments | None = None
    ) -> bytes:
        holder = Value()
        holder.attachments = attachments
        if self._arguments is not None:
            written = _encoded(wire, request, self._asked)
            if attachments is None:
                return written
            return _encoded(wire, holder, _ONLY_ATTACHMENTS)[:-1] + written
        if self._value is None or (request is None and self._nullable):
            holder.value = None
        elif self._value.write is None:
            holder.value = request
        else:
            holder.value = self._value.write(request)
        return _encoded(wire, holder, self._asked)

    def read_request(self, wire: Wire, source: Input) -> tuple[Any, Attachments | None]:
        """The request, and what is attached to it."""
        if self._arguments is None:
            holder = _decoded(wire, Value(), source, self._asked)
            value = holder.value
            if value is _MISSING:
                if self._value is not None and not self._nullable:
                    raise Wrong("request", "is required")
                value = None
            elif self._read is not None:
                value = self._read(value)
            return value, holder.attachments
        names = self._arguments.names
        if source.begins_with(wire.zero):
            found: tuple[Any, Attachments] = _decoded(
                wire, None, source, self._attached, names
            )
            return found
        return _decoded(wire, None, source, self._asked, names), None

    def write_result(self, wire: Wire, result: Any) -> bytes:
        if self._result is None:
            return b"\x00"
        write, holder = self._result.write, Value()
        holder.value = result if write is None else write(result)
        if holder.value is None:
            raise Wrong("", "there is none")
        return _encoded(wire, holder, self._answered)

    def write_error(self, wire: Wire, error: ServiceError) -> bytes | None:
        """The result that carries a declared error, ``None`` for any other."""
        thrown = self._errors.get(type(error))
        if thrown is None:
            return None
        answer = Answer()
        answer.thrown, answer.message = error.payload, error.message
        fields = (
            (thrown.number, STRUCT, "thrown", thrown.struct.spec, None),
            (MESSAGE, TEXT, "message", "UTF8", None),
        )
        return _encoded(wire, answer, [Answer, fields])

    def read_result(self, wire: Wire, source: Input) -> Any:
        """The result; raises the declared error that came instead."""
        answer = _decoded(wire, Answer(), source, self._answer)
        if answer.thrown is not None:
            raise self._declared(answer)
        if self._result is None:
            return None
        if answer.value is _MISSING:
            raise Wrong("", "there is no result")
        read = self._result.read
        return answer.value if read is None else read(answer.value)

    def _declared(self, answer: Answer) -> ServiceError:
        """The error, made without its constructor's arguments."""
        cls = self._payloads[type(answer.thrown)]
        error = cls.__new__(cls)
        ServiceError.__init__(error, message=answer.message, payload=answer.thrown)
        return error


_TEXTS = (TEXT, "UTF8", TEXT, "UTF8", False)
_ATTACHED = (0, MAP, "attachments", _TEXTS, None)
_ONLY_ATTACHMENTS = [Value, by_number([_ATTACHED])]


def _one(number: int, value: Type | None, *others: tuple[Any, ...]) -> list[Any]:
    """The spec of a struct whose only field of the definition is the value."""
    if value is None:
        return [Value, by_number(others)]
    only = number, value.code, "value", value.spec, None
    return [Value, by_number([only, *others])]


def _with_attachments(arguments: Struct) -> list[Any]:
    """The spec of the arguments and what is attached: read as a pair of both."""
    make, fields = arguments.spec
    attached = 0, MAP, "thrift:attachments", _TEXTS, None

    def split(found: dict[str, Any]) -> tuple[Any, Attachments]:
        attachments = found.pop("thrift:attachments", {})
        return make(**found), attachments

    return [builder(split), by_number([attached, *filter(None, fields)])]


def _answer(result: Type | None, throws: Sequence[Thrown]) -> list[Any]:
    fields: list[Any] = [
        (each.number, STRUCT, "thrown", each.struct.spec, None) for each in throws
    ]
    if throws:
        fields.append((MESSAGE, TEXT, "message", "UTF8", None))
    if result is not None:
        fields.append((0, result.code, "value", result.spec, None))
    return fields


def _encoded(wire: Wire, value: Any, spec: Any) -> bytes:
    encode = wire.encode
    try:
        return encode(value, spec)
    except Wrong:
        raise
    except Exception as error:
        raise Wrong("", str(error)) from error


_NO_NAMES: dict[str, str] = {}


def _decoded(
    wire: Wire,
    output: Any,
    source: Input,
    spec: Any,
    names: dict[str, str] = _NO_NAMES,
) -> Any:
    decode = wire.decode
    try:
        value = decode(output, source, spec)
    except Exception as error:
        if (needed := source.needed) or (needed := source.overrun):
            raise Incomplete(needed) from error
        if isinstance(error, Wrong):
            raise
        if _BEYOND in str(error):
            raise TooLarge("a string or a container") from error
        if missing := _REQUIRED.search(str(error)):
            name = names.get(missing[1], missing[1])
            raise Wrong(name, "is required") from error
        raise Wrong("", str(error)) from error
    if source.padded:
        source.finish()
    return value


_NOTHING = [Value, ()]


def skip(wire: Wire, source: Input) -> None:
    """Read over a struct."""
    _decoded(wire, Value(), source, _NOTHING)


class _Violation:
    __slots__ = ("field", "message")

    def __init__(self, field: str = "", message: str = "") -> None:
        self.field = field
        self.message = message


_FAILURE = by_number(
    [
        (1, TEXT, "message", "UTF8", None),
        (2, I32, "number", None, None),
        (3, TEXT, "code", "UTF8", None),
        (
            4,
            LIST,
            "violations",
            (
                STRUCT,
                [
                    _Violation,
                    by_number(
                        [
                            (1, TEXT, "field", "UTF8", None),
                            (2, TEXT, "message", "UTF8", None),
                        ]
                    ),
                ],
                False,
            ),
            None,
        ),
    ]
)
"""``TApplicationException``, and two fields of ours that others skip: our code, and where
a request is wrong.
"""


def write_failure(wire: Wire, number: int, error: ServiceError) -> bytes:
    """``number`` is the kind of ``TApplicationException``."""
    failure = Failure()
    failure.message, failure.number = error.message, number
    failure.code = error.code.value
    violations = [_Violation(each.field, each.message) for each in error.violations]
    failure.violations = violations or None
    return _encoded(wire, failure, [Failure, _FAILURE])


def read_failure(wire: Wire, source: Input) -> Failure:
    failure: Failure = _decoded(wire, Failure(), source, [Failure, _FAILURE])
    return failure
