"""What the checks accept and refuse, one line a definition, through the real reader."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcgen import checks, reporting
from svcgen.checks.capabilities import check_capabilities
from svcgen.diagnostics import Report
from svcgen.evolution import lock
from svcgen.formats.neutral.reader import read
from svcgen.model.service import Streaming
from tests.builders import PIGEON, api, event, operation, service, struct
from tests.checking import VOCABULARY, findings, parsed, types


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ("type: int32, min: 1, max: 1", []),
        ("type: uint8, min: 255", []),
        ("type: uint8, min: 256", ["constraint-impossible"]),
        ("type: uint8, max: -1", ["constraint-impossible"]),
        ("type: int32, exclusive_min: 1, exclusive_max: 2", ["constraint-impossible"]),
        ("type: float64, exclusive_min: 1, exclusive_max: 2", []),
        ("type: float64, exclusive_min: 1, max: 1", ["constraint-impossible"]),
        ("type: decimal, min: 2, max: 1", ["constraint-impossible"]),
        ("type: string, min_length: 2, max_length: 1", ["constraint-impossible"]),
        ("type: list<int32>, min_items: 2, max_items: 1", ["constraint-impossible"]),
        ("type: string, min: 1", ["constraint-misplaced"]),
        ("type: int32, pattern: x", ["constraint-misplaced"]),
        ("type: bytes, max_length: 5", []),
        ("type: bytes, pattern: x", ["constraint-misplaced"]),
        ("type: bool, max: 1", ["constraint-misplaced"]),
        ("type: 'set<int32>', unique: true", ["constraint-misplaced"]),
        ("type: 'map<string, int32>', max_items: 5", []),
        ("type: Point, max_items: 5", ["constraint-misplaced"]),
        ("type: Page, max: 5", []),
        ("type: string|null, max_length: 5", []),
    ],
)
def test_constraints(tmp_path: Path, limits: str, expected: list[str]) -> None:
    book = types(f"Book: {{fields: {{f: {{{limits}}}}}}}")

    assert findings(tmp_path, types=types(VOCABULARY) | book) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "^[a-z]+$",
        r"\d{3}-\d{4}",
        "(?:a|b)*",
        "[(?=]",
        r"\(\?=",
        "a{2,5}?",
        "[^]]",
        r"\\1",
        "é+",
        "x{1000}",
    ],
)
def test_portable_patterns_pass(tmp_path: Path, pattern: str) -> None:
    book = {"fields": {"f": {"type": "string", "pattern": pattern}}}

    assert findings(tmp_path, types={"Book": book}) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[a",
        "a{2,1}",
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        "(?<!a)",
        r"(a)\1",
        "(?P<n>a)(?P=n)",
        "(?P<n>a)",
        "(?>a)",
        "a++",
        "a*+",
        "(?i)a",
        "(?i:a)",
        "(?#x)",
        r"\Aa\Z",
        r"\p{L}",
        "x{1001}",
        "x{2,99999}",
        "a" * 501,
        "(" * 250 + ")" * 250 + "(",
        "[[a]",
        r"(?(1)a|b)",
    ],
)
def test_other_patterns_are_refused(tmp_path: Path, pattern: str) -> None:
    book = {"fields": {"f": {"type": "string", "pattern": pattern}}}

    assert findings(tmp_path, types={"Book": book}) == ["bad-pattern"]


def test_pattern_that_explodes_is_not_tried(tmp_path: Path) -> None:
    slow = {"type": "string", "pattern": "^(a+)+$", "default": "a" * 60 + "!"}
    started = time.monotonic()

    assert findings(tmp_path, types={"Book": {"fields": {"f": slow}}}) == []
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A: {a: A?}", []),
        ("A: {a: A|null}", []),
        ("A: {a: list<A>}", []),
        ("A: {a: 'map<string, A>'}", []),
        ("A: {a: A}", ["endless-type"]),
        ("A: {b: B}\nB: {c: C}\nC: {a: A}", ["endless-type"]),
        ("A: {b: B}\nB: {b: B}", ["endless-type"]),
        ("A: {x: X}\nX: B\nB: {a: A}", ["endless-type"]),
        ("T: {union: {leaf: int32, node: N}}\nN: {left: T, right: T}", []),
        ("T: {union: {node: N}}\nN: {left: T}", ["endless-type"]),
        ("A: B\nB: A", ["alias-cycle"]),
        ("A: A", ["alias-cycle"]),
        ("A: list<A>", ["alias-cycle"]),
        ("A: 'map<string, B>'\nB: list<A>\nC: B", ["alias-cycle"]),
        ("A: S\nS: {a: A?}", []),
    ],
)
def test_recursion(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert findings(tmp_path, types=types(text)) == expected


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        *(
            (f"map<{key}, int32>", [])
            for key in (
                "string",
                "int8",
                "uint64",
                "bool",
                "uuid",
                "date",
                "timestamp",
                "Genre",
                "Page",
            )
        ),
        *(
            (f"map<{key}, int32>", ["map-key"])
            for key in (
                "float64",
                "decimal",
                "bytes",
                "any",
                "time",
                "duration",
                "Point",
                "Shape",
                "list<int32>",
                "string|null",
            )
        ),
        *((f"set<{item}>", []) for item in ("string", "float64", "bytes", "Genre", "Page")),
        *(
            (f"set<{item}>", ["set-item"])
            for item in ("any", "Point", "list<int32>", "string|null")
        ),
        ("list<map<string, set<any>>>", ["set-item"]),
        ("Maybe|null", ["nullable-twice"]),
        ("list<Maybe>|null", []),
    ],
)
def test_containers(tmp_path: Path, type_: str, expected: list[str]) -> None:
    given = types(VOCABULARY, "Maybe: {alias: string|null}") | {"Book": {"f": type_}}

    assert findings(tmp_path, types=given) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("types: {A: {fooBar: string, foo_bar: string}}", ["name-clash"]),
        ("types: {A: {enum: [Foo_Bar, FOO_BAR]}}", ["name-clash"]),
        ("types: {FooBar: {a: string}, foo_bar: {a: string}}", ["name-clash"]),
        ("types: {Gone: {a: string}}\nerrors: {gone: not_found}", ["name-clash"]),
        ("types: {Lib: {a: string}}\nservices: {Lib: {methods: {a: {}}}}", ["name-clash"]),
        ("services: {L: {methods: {getIt: {}, get_it: {}}}}", ["name-clash"]),
        ("services: {L: {methods: {m: {params: {aB: int32, a_b: int32}}}}}", ["name-clash"]),
        (
            "services: {L: {methods: {subscribe_sold: {}}, events: {sold: {payload: int32}}}}",
            ["name-clash"],
        ),
        ("services: {L: {methods: {sold: {}, publish: {}}}}", []),
        ("constants: {A_B: 1, a_b: 2}", ["name-clash"]),
        ("types: {A: {fields: {b: {type: string, renamed_from: a}}}}", []),
        ("types: {A: {fields: {b: {type: string, renamed_from: b}}}}", ["bad-rename"]),
        (
            "types: {A: {b: {type: string, renamed_from: x}, c: {type: string, renamed_from: x}}}",
            ["bad-rename"],
        ),
        ("types: {A: {b: {type: string, number: 536870911}}}", []),
        ("types: {A: {b: {type: string, number: 536870912}}}", ["number-range"]),
        ("types: {A: {b: {type: string, number: 19999}}}", ["number-range"]),
        ("types: {A: {enum: {X: -2147483648, Y: 2147483647}}}", []),
        ("types: {A: {enum: {X: 2147483648}}}", ["number-range"]),
        ("types: {A: {enum: {X: 1, Y: 1}}}", ["number-duplicate"]),
        ("types: {A: {enum: []}}", ["empty-type"]),
        ("types: {A: {fields: {}}}", []),
        (
            "services: {L: {methods: {m: {oneway: true, errors: [E]}}}}\nerrors: {E: aborted}",
            ["oneway-answers"],
        ),
        ("services: {L: {methods: {m: {oneway: true, readonly: true}}}}", ["oneway-answers"]),
        ("services: {L: {methods: {m: {oneway: true, input: stream int32}}}}", ["oneway-answers"]),
        ("services: {L: {methods: {m: {oneway: true, params: {a: int32}}}}}", []),
        ("servers: {a: {urls: ['grpc://a:1,b:2', 'http://[::1]:80/x', 'memory://x']}}", []),
        ("servers: {a: {url: 'grpc://a:0x1'}}", ["bad-url"]),
        ("servers: {a: {url: 'http://[::1'}}", ["bad-url"]),
        ("constants: {A: {type: Genre, value: 1}}\ntypes: {Genre: {enum: [X]}}", ["bad-constant"]),
    ],
)
def test_definition_has_these_findings(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert findings(tmp_path, **parsed(text)) == expected


def test_all_findings_come_in_one_run(tmp_path: Path) -> None:
    text = """
    types: {A: {a: A, b: int33}, B: {enum: []}}
    errors: {A: aborted}
    services: {L: {methods: {m: {output: Bee, errors: [Aye]}}}}
    """
    report = Report()
    file = tmp_path / "definition.yaml"
    file.write_text("svcgen: 1" + text.replace("\n    ", "\n"), encoding="utf-8")
    model = read(file, report)
    assert model is not None
    checks.check(model, report)

    assert {"endless-type", "unknown-type", "empty-type", "unknown-error"} <= {
        d.rule.code for d in report.diagnostics
    }


def test_what_a_protocol_cannot_carry_is_a_warning_that_names_one_that_can() -> None:
    chat = operation("chat", input="stream string", output="stream string")
    model = api(
        struct("Book", title="string"),
        service("Library", operation("find", output="Book"), chat, events=(event("sold", "Book"),)),
    )
    able = PIGEON.__class__(
        "goose",
        "Goose",
        ("goose",),
        1,
        "json",
        "yaml",
        dict.fromkeys(Streaming, "yes"),
        PIGEON.bind,
    )
    report = Report()

    check_capabilities(model, [PIGEON, able], report)

    assert not report.has_errors
    assert sorted(d.message for d in report.diagnostics) == [
        "Pigeon cannot carry Library.chat, which streams both ways",
        "Pigeon cannot carry Library.subscribe_sold, which streams from the server",
    ]
    assert {d.fix for d in report.diagnostics} == {"call it over Goose, or ask for fewer protocols"}


@pytest.mark.parametrize(
    "text",
    [
        "types:\n" + "".join(f"  T{i}: T{i + 1}\n" for i in range(3000)) + "  T3000: T0\n",
        "types:\n"
        + "".join(f"  T{i}: {{f: T{i + 1}}}\n" for i in range(3000))
        + "  T3000: {f: T0}\n",
        "types:\n"
        + "".join(f"  T{i}: {{f: T{i - 1}}}\n" for i in range(1, 3000))
        + "  T0: {f: T2999}\n",
        "types:\n" + "".join(f"  Type{i}: {{f: Tipe{i}}}\n" for i in range(1000)),
        "types:\n  A: {enum: [" + ", ".join(f"V{i}" for i in range(5000)) + "]}\n",
    ],
    ids=["alias circle", "struct circle", "struct circle backwards", "near misses", "long enum"],
)
def test_large_definitions_are_checked_in_bounded_time(tmp_path: Path, text: str) -> None:
    file = tmp_path / "definition.yaml"
    file.write_text(f"svcgen: 1\n{text}", encoding="utf-8")
    report = Report()
    model = read(file, report)
    assert model is not None
    started = time.monotonic()
    checks.check(model, report)

    assert time.monotonic() - started < 20


NAMES = st.sampled_from(["A", "B", "C", "int32", "string", "any", "float64"])
EXPRESSIONS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        inner.map("list<{}>".format),
        inner.map("set<{}>".format),
        st.tuples(inner, inner).map(lambda kv: f"map<{kv[0]}, {kv[1]}>"),
        inner.map("{}|null".format),
    ),
    max_leaves=4,
)
LITERALS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "min": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        "exclusive_max": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        "max_length": st.integers(0, 5),
        "min_items": st.integers(0, 5),
        "pattern": st.text(alphabet="ab()[]{}*+?|\\\\^$.1<=!P:,", max_size=12),
        "unique": st.booleans(),
        "default": LITERALS,
        "example": LITERALS,
        "optional": st.booleans(),
        "renamed_from": NAMES,
        "number": st.integers(1, 4),
    },
)
FIELDS = st.dictionaries(
    st.sampled_from(["a", "b", "aB", "a_b"]),
    st.tuples(EXPRESSIONS, LIMITS).map(lambda parts: {"type": parts[0]} | parts[1]),
    max_size=3,
)
TYPES = st.dictionaries(
    st.sampled_from(["A", "B", "C"]),
    st.one_of(
        FIELDS.map(lambda fields: {"fields": fields}),
        FIELDS.map(lambda fields: {"union": fields}),
        EXPRESSIONS.map(lambda target: {"alias": target}),
        st.lists(st.sampled_from(["X", "Y", "x"]), unique=True).map(lambda names: {"enum": names}),
    ),
)


@given(TYPES)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_any_types_are_checked_and_numbered_without_a_traceback(
    tmp_path: Path, types: dict
) -> None:
    file = tmp_path / "definition.yaml"
    file.write_text(yaml.safe_dump({"svcgen": 1, "types": types}), encoding="utf-8")
    report = Report()
    model = read(file, report)
    if model is not None:
        checks.check(model, report)
        lock.assign(model, None, "svcgen.lock", report)
        reporting.text(report.diagnostics)
