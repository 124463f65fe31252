"""Which literals fit which types and limits, one line a type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import VOCABULARY, findings, types

VALUES = [
    # type, values that fit, values that do not
    ("bool", [True, False], [0, 1, "true", None, []]),
    ("int8", [-128, 127, 0], [-129, 128, 1.0, "1", True, None]),
    ("uint8", [0, 255], [-1, 256]),
    ("int64", [-(2**63), 2**63 - 1], [2**63, "1"]),
    ("uint64", [0, 2**64 - 1], [-1, 2**64]),
    ("float32", [0, 1.5, "NaN", "-Infinity", 3.4e38], [3.5e38, "1.5", True, 10**390]),
    ("float64", [0, 1e308, "Infinity"], ["inf", False]),
    ("decimal", ["1.50", "-3", 7, 1.5, "1e5"], ["one", "1,5", True, "NaN", "١"]),
    ("string", ["", "x"], [1, True, None, []]),
    ("bytes", ["", "aGk="], ["a", "not base64!", 5]),
    (
        "timestamp",
        ["2024-02-29T12:00:00Z", "2024-01-01T00:00:00.123456789+05:30"],
        ["2023-02-29T12:00:00Z", "2024-01-01T00:00:00", "2024-01-01", "now", 5],
    ),
    ("date", ["2024-02-29"], ["2023-02-29", "20240229", "2024-1-1"]),
    ("time", ["23:59:59", "00:00:00.5"], ["24:00:00", "12:00", "12:00:00Z"]),
    ("duration", ["PT1.5S", "P1DT2H", "-P1W", "P2D"], ["P", "PT", "P1Y", "1s", "P1M", "P1D2H"]),
    ("uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567e89b12d3a456426614174000", ""]),
    ("any", [None, 1, "x", [1, {"a": None}]], []),
    ("int32|null", [None, 1], ["x"]),
    ("list<int32>", [[], [1, 2]], [1, ["x"], [None], {}]),
    ("list<int32|null>", [[None, 1]], [None]),
    ("set<string>", [["a", "b"]], [["a", "a"], ["a", 1]]),
    ("map<string, int8>", [{}, {"a": 1}], [{"a": 300}, [], "x"]),
    ("map<int32, string>", [{"1": "x", "-5": "y"}], [{"x": "y"}, {"99999999999": "y"}]),
    ("map<bool, string>", [{"true": "x"}], [{"yes": "x"}]),
    ("map<Genre, string>", [{"POETRY": "x"}], [{"MUSIC": "x"}]),
    ("Genre", ["POETRY"], ["poetry", 1, None]),
    ("Page", [1, 9], [0, 10, "x"]),
    (
        "Point",
        [{"x": 1}, {"x": 1, "y": None, "z": 2}],
        [{}, {"x": "a"}, {"x": 1, "w": 2}, {"x": 1, "z": None}, 5],
    ),
    (
        "Shape",
        [{"kind": "point", "value": {"x": 1}}, {"kind": "name", "value": "n"}],
        [{"kind": "line", "value": 1}, {"kind": "name", "value": 1}, {"name": "n"}, "point"],
    ),
]


@pytest.mark.parametrize(("type_", "good", "bad"), VALUES, ids=[case[0] for case in VALUES])
def test_defaults_fit_their_types(tmp_path: Path, type_: str, good: list, bad: list) -> None:
    for values, expected in ((good, []), (bad, ["bad-default"])):
        for value in values:
            book = {"fields": {"f": {"type": type_, "default": value}}}

            assert findings(tmp_path, types=types(VOCABULARY) | {"Book": book}) == expected, value


@pytest.mark.parametrize(
    ("limits", "good", "bad"),
    [
        ({"type": "int32", "min": 1, "max": 3}, [1, 3], [0, 4]),
        ({"type": "float64", "exclusive_min": 0, "exclusive_max": 1}, [0.5], [0, 1]),
        ({"type": "string", "min_length": 2, "max_length": 3}, ["ab", "日本語"], ["a", "abcd"]),
        ({"type": "string", "length": 2}, ["ab"], ["a"]),
        ({"type": "string", "pattern": "^[a-z]+$"}, ["ab"], ["A", ""]),
        ({"type": "list<int32>", "min_items": 1, "max_items": 2}, [[1]], [[], [1, 2, 3]]),
        ({"type": "list<int32>", "unique": True}, [[1, 2]], [[1, 1]]),
        ({"type": "int32|null", "min": 1}, [None, 1], [0]),
        ({"type": "Page", "max": 5}, [5], [0, 6, 9]),
    ],
)
def test_defaults_and_examples_keep_to_the_limits(
    tmp_path: Path, limits: dict, good: list, bad: list
) -> None:
    for values, fine in ((good, True), (bad, False)):
        for value in values:
            for key in ("default", "example"):
                book = {"fields": {"f": limits | {key: value}}}
                expected = [] if fine else [f"bad-{key}"]

                assert findings(tmp_path, types=types(VOCABULARY) | {"Book": book}) == expected
