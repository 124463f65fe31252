"""Wrong values: in messages from the wire they are violations with a path, in ours they are refused."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

import pytest
from google.protobuf import json_format

from tests import projects
from tests.protoc import OfficialClasses

ID = "12345678-1234-5678-1234-567812345678"


@pytest.fixture(scope="module")
def codec(package: Any) -> Any:
    return importlib.import_module(f"{package.__name__}._gen.protobuf")


@pytest.fixture(scope="module")
def package() -> Any:
    return projects.package("kitchen-sink")


@pytest.fixture(scope="module")
def official(package: Any) -> OfficialClasses:
    return OfficialClasses(projects.generated("kitchen-sink") / "schemas")


def scalars(**changes: Any) -> dict[str, Any]:
    """A message of every scalar as ProtoJSON; ``None`` leaves a field out."""
    fields = {
        "a_decimal": "1.50",
        "a_timestamp": "2024-02-29T12:00:00Z",
        "a_date": "2024-02-29",
        "a_time": "12:00:00",
        "a_duration": "1.5s",
        "a_uuid": ID,
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


WRONG = [
    ({"an_int8": 128}, "an_int8", "128 is out of the range of int8"),
    ({"a_uint16": 65536}, "a_uint16", "65536 is out of the range of uint16"),
    ({"a_decimal": "one"}, "a_decimal", "'one' is no decimal number"),
    ({"a_date": "2023-02-29"}, "a_date", "'2023-02-29' is no date"),
    ({"a_time": "25:00"}, "a_time", "'25:00' is no time of day"),
    ({"a_time": "12:00+01:00"}, "a_time", "has an offset, which a time of day must not"),
    ({"a_uuid": "x"}, "a_uuid", "'x' is no UUID"),
    ({"a_timestamp": None}, "a_timestamp", "is required"),
    ({"a_duration": None}, "a_duration", "is required"),
]


@pytest.mark.parametrize(("change", "field", "message"), WRONG)
def test_the_field_is_named(
    codec: Any, package: Any, official: OfficialClasses, change: Any, field: str, message: str
) -> None:
    parsed = json_format.ParseDict(scalars(**change), official("kitchen.sink.v1.Scalars")())

    with pytest.raises(package.runtime.ServiceError) as caught:
        codec.SCALARS_CODEC.decode(parsed.SerializeToString())

    assert package.runtime.Code.INVALID_ARGUMENT is caught.value.code
    assert [(field, message)] == [(v.field, v.message) for v in caught.value.violations]


def test_the_path_leads_through_maps_and_lists(
    codec: Any, package: Any, official: OfficialClasses
) -> None:
    wrong = {"by_name": {"good": scalars(), "bad": scalars(a_uuid="?")}}
    parsed = json_format.ParseDict(wrong, official("kitchen.sink.v1.Containers")())

    with pytest.raises(package.runtime.ServiceError) as caught:
        codec.CONTAINERS_CODEC.decode(parsed.SerializeToString())

    assert ["by_name[bad].a_uuid"] == [v.field for v in caught.value.violations]


def test_a_message_too_deep_is_refused(codec: Any, package: Any) -> None:
    """Parsers of protobuf stop at a hundred levels; a deeper message is not built either."""
    data = b""
    for _ in range(5000):
        size, prefix = len(data), b""
        while size > 127:
            prefix += bytes((size & 127 | 128,))
            size >>= 7
        data = b"\x12" + prefix + bytes((size,)) + data

    with pytest.raises(package.runtime.ServiceError) as caught:
        codec.TREE_CODEC.decode(data)

    assert package.runtime.Code.INTERNAL is caught.value.code


def test_a_value_without_end_is_refused(codec: Any, package: Any) -> None:
    tree = package.Tree(value="loop", children=[])
    tree.children.append(tree)

    with pytest.raises(ValueError, match=r"Tree: maximum recursion depth"):
        codec.TREE_CODEC.encode(tree)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("a_bool", 2),
        ("a_bool", None),
        ("an_int32", None),
        ("an_int32", 1.5),
        ("an_int32", "1"),
        ("an_int8", -129),
        ("a_uint64", 2**64),
        ("a_uint64", -1),
        ("a_float32", 1e300),
        ("a_float64", "1"),
        ("a_string", b"1"),
        ("a_string", None),
        ("a_string", "\ud800"),
        ("some_bytes", "text"),
        ("a_decimal", 1.5),
        ("a_timestamp", dt.datetime(2024, 1, 1)),
        ("a_date", dt.datetime(2024, 1, 1, tzinfo=dt.UTC)),
        ("a_time", dt.time(1, tzinfo=dt.UTC)),
        ("a_duration", 5),
        ("a_uuid", ID),
        ("anything", {1, 2}),
        ("anything", 2**60 + 1),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    codec: Any, official: OfficialClasses, field: str, value: Any
) -> None:
    parsed = json_format.ParseDict(scalars(), official("kitchen.sink.v1.Scalars")())
    good = codec.SCALARS_CODEC.decode(parsed.SerializeToString())
    codec.SCALARS_CODEC.encode(good)
    setattr(good, field, value)

    with pytest.raises(ValueError, match=r"^Scalars: "):
        codec.SCALARS_CODEC.encode(good)


def test_unknown_enum_values_travel_on(codec: Any, package: Any) -> None:
    """An open enum keeps a number that it does not know; a name without a number cannot be sent."""
    color, encode = package.Color, codec.ECHO_COLOR_RESPONSE_CODEC.encode

    kept = codec.ECHO_COLOR_RESPONSE_CODEC.decode(b"\x08\x63")

    assert color("UNRECOGNIZED_99") == kept
    assert b"\x08\x63" == encode(kept)
    with pytest.raises(ValueError, match="'MAUVE' has no number here"):
        encode(color("MAUVE"))
