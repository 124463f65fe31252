"""The JSON codec of generated Python on types by hand: what msgspec alone would refuse or spoil."""

from __future__ import annotations

import datetime as dt
import importlib
import math
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests import projects

sink = projects.package("kitchen-sink")
json = importlib.import_module("kitchen_sink_v1._gen.support.json")
types = importlib.import_module("kitchen_sink_v1._gen.support.types")
ServiceError = sink.runtime.ServiceError


class Node(msgspec.Struct, kw_only=True, omit_defaults=True):
    at: types.AwareDatetime | None = None
    wide: types.Int64 | None = None
    weight: float | None = None
    flags: dict[bool, float] | None = None
    names: set[str] | None = None
    next: Node | None = None
    many: list[Node] | None = None


class Plain(msgspec.Struct):
    text: str
    next: Plain | None = None


NODE = json.json_codec(Node)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"weight":"NaN"}', math.nan),
        (b'{"weight":"-Infinity"}', -math.inf),
        (b'{"weight":1}', 1.0),
        (b'{"weight":1e3}', 1000.0),
    ],
)
def test_floats_have_names_where_json_has_none(text: bytes, value: float) -> None:
    found = NODE.decode(text).weight

    assert found == value or (math.isnan(found) and math.isnan(value))
    assert NODE.decode(NODE.encode(NODE.decode(text))).weight == found or math.isnan(found)


def test_no_special_number_is_ever_null_at_any_depth() -> None:
    deep = Node(many=[Node(next=Node(weight=math.inf, flags={True: math.nan}))])

    assert NODE.encode(deep) == (
        b'{"many":[{"next":{"weight":"Infinity","flags":{"true":"NaN"}}}]}'
    )


@pytest.mark.parametrize(
    "text", [b'{"wide":"9223372036854775807"}', b'{"wide":9223372036854775807}']
)
def test_wide_integers_come_as_numbers_and_as_strings(text: bytes) -> None:
    assert NODE.decode(text).wide == 2**63 - 1


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        (b'{"wide":"9223372036854775808"}', "wide", "<= 9223372036854775807"),
        (b'{"wide":" 1"}', "wide", "Expected `int"),
        (b'{"wide":1.5}', "wide", "Expected `int"),
        (b'{"weight":"nan"}', "weight", "Expected `float"),
        (b'{"weight":null}', "weight", "must not be null"),
        (b'{"many":[{},{"next":{"wide":null}}]}', "many[1].next.wide", "must not be null"),
        (b'{"flags":{"yes":1}}', "", "Expected `bool"),
        (b'{"names":["a","b","a"]}', "names", "twice"),
        (b'{"at":"2024-01-01T00:00:00"}', "at", "timezone"),
    ],
)
def test_what_is_wrong_is_found_at_its_place(text: bytes, field: str, message: str) -> None:
    with pytest.raises(ServiceError) as caught:
        NODE.decode(text)

    [violation] = caught.value.violations
    assert message in violation.message
    assert not field or violation.field == field


@pytest.mark.parametrize(
    "value",
    [
        Node(at=dt.datetime(2024, 1, 1)),
        Node(next=Node(many=[Node(), Node(at=dt.datetime(2024, 1, 1))])),
    ],
)
def test_an_instant_without_an_offset_is_never_sent(value: Node) -> None:
    with pytest.raises(ValueError, match="no offset"):
        NODE.encode(value)


def test_a_type_without_anything_special_takes_the_fast_path() -> None:
    """A recursive one included: the encoder is msgspec's own."""
    codec = json.json_codec(Plain)

    assert type(codec.encode).__name__ == "builtin_function_or_method"
    assert codec.decode(b'{"text":"a","next":{"text":"b"}}') == Plain("a", Plain("b"))


def test_wide_integers_are_strings_at_every_depth_where_that_is_the_style() -> None:
    codec = json.json_codec(dict[str, list[types.Int64]], int64_as_string=True)

    assert codec.encode({"a": [1, -(2**63)]}) == b'{"a":["1","-9223372036854775808"]}'
    assert codec.decode(b'{"a":["1",2]}') == {"a": [1, 2]}


def test_decimals_keep_every_digit() -> None:
    codec = json.json_codec(list[Decimal | float | None])
    exact = json.json_codec(Decimal)

    assert exact.decode(b'"0.1000000000000000000000000001"') == Decimal(
        "0.1000000000000000000000000001"
    )
    assert exact.decode(b"0.1000000000000000000000000001") == Decimal(
        "0.1000000000000000000000000001"
    )
    assert codec is not exact


@pytest.mark.parametrize("text", ["Infinity", "NaN", "sNaN", "1_0", " 1"])
def test_a_decimal_is_a_number(text: str) -> None:
    codec = json.json_codec(Decimal)
    with pytest.raises(ServiceError):
        codec.decode(f'"{text}"'.encode())


def test_any_value_comes_back_as_json_has_it() -> None:
    codec: Any = json.json_codec(Any)

    assert codec.decode(codec.encode({"a": [math.nan, 1.5, None]})) == {"a": ["NaN", 1.5, None]}
