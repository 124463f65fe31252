"""Frozen values: made, compared, shown and matched as dataclasses are, and never changed."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import pytest

from svcgen.frozen import EMPTY, attributes, frozen, is_frozen, replace


@frozen
class Point:
    """A place."""

    x: int
    y: int = 0
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.x + self.y


@frozen
class Other:
    x: int
    y: int = 0
    notes: tuple[str, ...] = ()


@frozen
class Nothing:
    pass


@frozen
class Checked:
    value: int

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("negative")


@frozen
class Wrapped:
    wraps: Checked

    def __post_init__(self) -> None:
        assert self.wraps


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    x: int
    y: int = 0
    notes: tuple[str, ...] = ()


def _parameters(cls: type) -> list[tuple[str, object]]:
    return [(p.name, p.default) for p in inspect.signature(cls).parameters.values()]


def test_it_takes_arguments_as_a_dataclass_does() -> None:
    assert _parameters(Reference) == _parameters(Point)
    assert Point(1) == Point(x=1, y=0, notes=())
    assert Point(1, 2).total == 3
    for wrong in ((), (1, 2, (), 4)):
        with pytest.raises(TypeError):
            Point(*wrong)
    with pytest.raises(TypeError):
        Point(1, z=2)  # type: ignore[call-arg]


def test_it_shows_itself_as_a_dataclass_does() -> None:
    assert repr(Point(1, notes=("a",))) == repr(Reference(1, notes=("a",))).replace(
        "Reference", "Point"
    )
    assert (Point.__doc__, Point.__name__, Point.__qualname__) == ("A place.", "Point", "Point")


def test_it_cannot_be_changed() -> None:
    point: Any = Point(1)

    for change in (
        lambda: setattr(point, "x", 2),
        lambda: setattr(point, "z", 2),
        lambda: delattr(point, "x"),
    ):
        with pytest.raises(AttributeError):
            change()
    assert not hasattr(point, "__dict__")
    with pytest.raises(TypeError):
        EMPTY["a"] = 1  # type: ignore[index]


def test_equal_means_the_same_class_and_attributes() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert hash(Point(1, 2)) == hash(Point(1, 2))
    assert Point(1, 2) != Point(1, 3)
    assert Point(1, 2) != Other(1, 2)
    assert Point(1, 2) != (1, 2, ())
    assert Nothing() == Nothing()
    assert len({Point(1), Point(1), Other(1), Nothing(), Nothing()}) == 3


def test_it_matches_by_position() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_replace_makes_another_value() -> None:
    point = Point(1, 2)

    assert replace(point, y=3) == Point(1, 3)
    assert point == Point(1, 2)
    with pytest.raises(TypeError):
        replace(point, z=3)


def test_what_it_checks_of_itself_runs_when_it_is_made() -> None:
    assert Checked(1).value == 1
    with pytest.raises(ValueError, match="negative"):
        Checked(-1)
    with pytest.raises(ValueError, match="negative"):
        replace(Checked(1), value=-1)


def test_defaults_come_last() -> None:
    with pytest.raises(TypeError, match="without a default follows"):

        @frozen
        class Disordered:
            x: int = 0
            y: int  # type: ignore[misc]


def test_classes_of_one_size_keep_their_own_names() -> None:
    with pytest.raises(TypeError, match=r"Checked.__init__\(\) got an unexpected .* 'x'"):
        Checked(x=1)  # type: ignore[call-arg]
    assert Wrapped(wraps=Checked(1)).wraps == Checked(1)


def test_its_attributes_are_told_in_order() -> None:
    assert list(attributes(Point(1)).items()) == [("x", 1), ("y", 0), ("notes", ())]
    assert is_frozen(Point(1))
    assert not is_frozen(Point)
    assert not is_frozen(Reference(1))
