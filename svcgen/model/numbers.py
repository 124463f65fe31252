"""Sets of numbers as the ranges that they are written as, which may be as long as they like."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator

from svcgen.frozen import frozen

MAX_FIELD = 2**29 - 1
"""The last number that protobuf has for a field."""

MAX_VALUE = 2**31 - 1
"""The last number of a value of an enum."""


@frozen
class Numbers:
    """Inclusive ranges, in order, none meeting or touching another."""

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, ranges: Iterable[tuple[int, int]]) -> Numbers:
        """The numbers of ranges in any order, which may overlap."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self._end(number) is not None

    def _end(self, number: int) -> int | None:
        """The last number of the range that holds ``number``; ``None`` if none does."""
        at = bisect_right(self.ranges, number, key=lambda each: each[0]) - 1
        return self.ranges[at][1] if at >= 0 and number <= self.ranges[at][1] else None

    def free(self, taken: Container[int]) -> Iterator[int]:
        """The numbers from 1 on that are neither in here nor ``taken``, without end."""
        number = 1
        while True:
            end = self._end(number)
            if end is None and number not in taken:
                yield number
            number = (number if end is None else end) + 1

    def words(self, highest: int | None = None) -> list[int | str]:
        """As people write them: ``[2, "9 to 11"]``; the ``highest`` that there is ends a range as
        ``max``.
        """
        found: list[int | str] = []
        for first, last in self.ranges:
            end = "max" if last == highest else last
            found += [first] if first == last else [f"{first} to {end}"]
        return found


NONE = Numbers()
