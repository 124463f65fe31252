"""What a field holds that did not come, where a definition says ``json: {absent: zero}``."""

from __future__ import annotations

from svcgen.frozen import frozen
from svcgen.model.messages import resolve
from svcgen.model.service import Api
from svcgen.model.types import (
    Enum,
    Field,
    ListOf,
    Literal,
    MapOf,
    NamedRef,
    Scalar,
    ScalarRef,
    SetOf,
)

_TEXTS = (Scalar.STRING, Scalar.BYTES)


@frozen
class Zero:
    """A zero is a value of its own, since a field may have none."""

    value: Literal


def zero(field: Field, api: Api) -> Zero | None:
    """0, false, an empty text or container, or an enum's value of number 0; ``None``: no such value.

    A field that is optional or has a default needs none; one that its .proto calls ``required``
    (proto2) has to come.
    """
    protobuf = field.meta.bind.get("protobuf")
    is_demanded = isinstance(protobuf, dict) and bool(protobuf.get("required"))
    if not api.json.absent_is_zero or not field.required or field.default or is_demanded:
        return None
    match resolve(field.type, api.types):
        case ScalarRef(scalar=Scalar.BOOL):
            return Zero(False)
        case ScalarRef(scalar=scalar) if scalar.is_integer or scalar.is_float:
            return Zero(0)
        case ScalarRef(scalar=scalar) if scalar in _TEXTS:
            return Zero("")
        case ListOf() | SetOf():
            return Zero([])
        case MapOf():
            return Zero({})
        case NamedRef(name=name) if isinstance(enum := api.types.get(name), Enum):
            named = [v.name.wire for v in enum.values if not v.number]
            return Zero(named[0]) if named else None
    return None


def may_be_absent(field: Field, api: Api) -> bool:
    """Whether JSON without the field is taken."""
    return not field.required or field.default is not None or zero(field, api) is not None
