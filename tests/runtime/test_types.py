"""Types that Python has not: sized integers, open enums, defaults."""

import copy
import pickle
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from kernel.support.types import (
    ClosedEnum,
    Int8,
    Int32,
    OpenEnum,
    UInt16,
    UInt64,
    default,
    duration,
    has_duplicates,
)


class Color(OpenEnum):
    RED = "RED"
    NONE_ = "None"


class Size(ClosedEnum):
    BIG = "BIG"


class Thing(msgspec.Struct, kw_only=True, omit_defaults=True):
    count: Int32 = default(1)
    names: list[str] = default(["a"])
    color: Color = default(Color.RED)
    note: str | None = None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Int8, [-128, 127], [-129, 128]),
        (UInt16, [0, 65535], [-1, 65536]),
        (UInt64, [0, 2**64 - 1], [-1]),
    ],
)
def test_integers_have_their_range(kind: Any, good: list[int], bad: list[int]) -> None:
    for number in good:
        assert msgspec.json.decode(str(number), type=kind) == number
    for number in bad:
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(str(number), type=kind)


def test_an_open_enum_keeps_what_it_does_not_know() -> None:
    mauve = msgspec.json.decode('"MAUVE"', type=Color)
    assert isinstance(mauve, Color)
    assert mauve == "MAUVE" == mauve.value == str(mauve)
    assert mauve == Color("MAUVE")
    assert hash(mauve) == hash(Color("MAUVE"))
    assert msgspec.json.encode([mauve, Color.NONE_]) == b'["MAUVE","None"]'
    assert copy.deepcopy(mauve) == pickle.loads(pickle.dumps(mauve)) == mauve
    assert list(Color) == [Color.RED, Color.NONE_]
    with pytest.raises(ValueError, match="5"):
        Color(5)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode("5", type=Color)


def test_a_closed_enum_refuses_what_it_does_not_know() -> None:
    assert Size("BIG") is Size.BIG
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode('"SMALL"', type=Size)


def test_defaults_are_written_and_never_shared() -> None:
    thing = Thing()
    assert msgspec.json.encode(thing) == b'{"count":1,"names":["a"],"color":"RED"}'
    thing.names.append("b")
    assert Thing().names == ["a"]
    assert msgspec.json.decode(b"{}", type=Thing) == Thing()


def test_durations_are_read_from_iso_8601() -> None:
    assert duration("PT1.5S") == timedelta(seconds=1.5)
    assert duration("P1DT2H") == timedelta(days=1, hours=2)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], False),
        ([1, 2], False),
        ([1, 2, 1], True),
        ([[1], [1]], True),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], True),
        ([Thing(count=1), Thing(count=2)], False),
        ([Thing(count=1), Thing(count=1)], True),
    ],
)
def test_duplicates_are_found(items: list[Any], expected: bool) -> None:
    assert has_duplicates(items) is expected
