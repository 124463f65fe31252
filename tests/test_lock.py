"""Numbers that never move: what the lock gives, keeps, retires and refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcgen.diagnostics import Report
from svcgen.evolution import lock, lockfile
from svcgen.frozen import replace
from svcgen.model.naming import Name
from svcgen.model.numbers import Numbers
from svcgen.model.service import Api, Code, Error
from svcgen.model.types import Enum, Field, Reserved, Struct
from tests.builders import (
    api,
    enum,
    event,
    field,
    fields,
    meta,
    operation,
    service,
    struct,
    union,
)


def assign(model: Api, text: str | None = None) -> tuple[Api, str]:
    """Assign without a finding."""
    report = Report()
    numbered, written = lock.assign(model, text, "svcgen.lock", report)
    assert report.diagnostics == []
    return numbered, written


def findings(model: Api, text: str) -> list[str]:
    report = Report()
    lock.assign(model, text, "svcgen.lock", report)
    return [f"{d.rule.code} at {d.span.file}:{d.span.line}" for d in report.diagnostics]


def entries(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_everything_with_a_number_gets_one() -> None:
    model = api(
        struct("Book", title="string", pages="int32"),
        enum("Genre", "POETRY", "PROSE"),
        union("Shape", circle="Book"),
        Error(Name.parse("Gone"), Code.NOT_FOUND, fields(id="string"), meta()),
        service(
            "Library",
            operation("find", field("title", "string"), field("limit", "int32")),
            operation("all", output="stream Book"),
            events=(event("sold", "Book"),),
        ),
    )

    numbered, text = assign(model)

    assert entries(text) == [
        "event Library.sold = 3",
        "field Book.pages = 2",
        "field Book.title = 1",
        "field Gone.id = 1",
        "field Library.find.limit = 2",
        "field Library.find.title = 1",
        "field Shape.circle = 1",
        "method Library.all = 2",
        "method Library.find = 1",
        "value Genre.POETRY = 1",
        "value Genre.PROSE = 2",
    ]
    book, genre = numbered.types["Book"], numbered.types["Genre"]
    assert isinstance(book, Struct)
    assert isinstance(genre, Enum)
    assert [f.number for f in book.fields] == [1, 2]
    assert [v.number for v in genre.values] == [1, 2]
    assert [f.number for f in numbered.errors["Gone"].fields] == [1]
    library = numbered.services[0]
    assert [o.number for o in library.operations] == [1, 2]
    assert [f.number for f in library.operations[0].params] == [1, 2]
    assert library.events[0].number == 3


def test_assigning_again_changes_nothing() -> None:
    model = api(struct("Book", title="string", pages="int32"), enum("Genre", "POETRY"))
    once = assign(model)

    assert assign(model, once[1]) == once
    assert assign(once[0], once[1]) == once


def test_order_does_not_matter_to_what_is_locked() -> None:
    _, text = assign(api(struct("Book", title="string", pages="int32")))

    _, again = assign(api(struct("Book", price="decimal", pages="int32", title="string")), text)

    assert entries(again) == [
        "field Book.pages = 2",
        "field Book.price = 3",
        "field Book.title = 1",
    ]


def test_removed_number_is_retired_for_ever() -> None:
    _, text = assign(api(struct("Book", title="string", pages="int32")))
    _, text = assign(api(struct("Book", title="string")), text)
    _, text = assign(api(struct("Book", title="string", pages="int32")), text)
    _, text = assign(api(), text)

    assert entries(text) == [
        "retired field Book.pages = 2",
        "retired field Book.pages = 3",
        "retired field Book.title = 1",
    ]


def test_renamed_field_keeps_its_number() -> None:
    _, text = assign(api(struct("Book", field("name", "string"), pages="int32")))
    edited = api(struct("Book", field("title", "string", renamed_from="name"), pages="int32"))

    _, text = assign(edited, text)

    assert entries(text) == ["field Book.pages = 2", "field Book.title = 1"]
    assert assign(edited, text)[1] == text


def test_renamed_type_keeps_all_numbers_and_what_it_retired() -> None:
    _, text = assign(api(struct("Book", title="string", pages="int32")))
    _, text = assign(api(struct("Book", pages="int32")), text)

    _, text = assign(api(struct("Volume", new="bool", pages="int32", renamed_from="Book")), text)

    assert entries(text) == [
        "field Volume.new = 3",
        "field Volume.pages = 2",
        "retired field Volume.title = 1",
    ]


def test_renamed_service_and_method_carry_parameters_along() -> None:
    find = operation("find", field("a", "string"), field("b", "string"))
    _, text = assign(api(service("Library", operation("all"), find)))
    found = operation("search", field("b", "string"), field("a", "string"), renamed_from="find")

    _, text = assign(api(service("Archive", found, operation("all"), renamed_from="Library")), text)

    assert entries(text) == [
        "field Archive.search.a = 1",
        "field Archive.search.b = 2",
        "method Archive.all = 1",
        "method Archive.search = 2",
    ]


def test_explicit_numbers_win_and_others_go_round_them() -> None:
    model = api(struct("Book", field("a", "string"), field("b", "string", number=1), c="string"))

    assert entries(assign(model)[1]) == ["field Book.a = 2", "field Book.b = 1", "field Book.c = 3"]


def test_reserved_numbers_are_skipped() -> None:
    reserved = replace(
        struct("Book", a="string", b="string"), reserved=Reserved(Numbers(((1, 1), (3, 3))))
    )

    assert entries(assign(api(reserved))[1]) == ["field Book.a = 2", "field Book.b = 4"]


def test_numbers_that_protobuf_keeps_for_itself_are_skipped() -> None:
    book = struct("Book", z="string")
    taken = replace(book, reserved=Reserved(Numbers(((1, 18999),))))

    assert entries(assign(api(taken))[1]) == ["field Book.z = 20000"]


def test_zero_of_an_enum_is_kept_for_unspecified_unless_given() -> None:
    assert entries(assign(api(enum("Genre", "PROSE", NONE=0)))[1]) == [
        "value Genre.NONE = 0",
        "value Genre.PROSE = 1",
    ]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, ["number-reused at built.yaml:1"]),  # of a living field
        (2, ["number-reused at built.yaml:1"]),  # of a field that this edit removes
        (3, ["number-reused at built.yaml:1"]),  # of a retired field
        (4, []),
    ],
)
def test_number_is_never_reused(number: int, expected: list[str]) -> None:
    text = "field Book.title = 1\nfield Book.pages = 2\nretired field Book.isbn = 3\n"
    added = field("new", "string", number=number)

    assert findings(api(struct("Book", added, title="string")), text) == expected


def test_number_of_a_locked_field_is_never_changed() -> None:
    edited = api(struct("Book", field("title", "string", number=7)))

    assert findings(edited, "field Book.title = 1\n") == ["number-changed at built.yaml:1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# only a comment\r\n\r\nfield Book.title = 1\r\n", []),
        ("field Book.title = 1\nfield Book.title = 1\n", []),  # a merge kept both
        ("\n<<<<<<< HEAD\n", ["lock-conflict at svcgen.lock:2"]),
        ("||||||| base\n", ["lock-conflict at svcgen.lock:1"]),
        ("field Book.title\n", ["lock-syntax at svcgen.lock:1"]),
        ("field Book.title = x\n", ["lock-syntax at svcgen.lock:1"]),
        ("field Book.title = 99999999999999999999999\n", ["lock-syntax at svcgen.lock:1"]),
        ("field Book.title = 4294967295\n", ["lock-syntax at svcgen.lock:1"]),
        ("field Book = 1\n", ["lock-syntax at svcgen.lock:1"]),
        ("field Bo\ufffdok.title = 1\n", ["lock-syntax at svcgen.lock:1"]),
        ("\0\n\x1b[2J\n", ["lock-syntax at svcgen.lock:1", "lock-syntax at svcgen.lock:2"]),
        ("field A.a = 1\nfield A.b = 1\n", ["lock-duplicate at svcgen.lock:2"]),
        ("field A.a = 1\nfield A.a = 2\n", ["lock-duplicate at svcgen.lock:2"]),
        ("method A.a = 1\nevent A.b = 1\n", ["lock-duplicate at svcgen.lock:2"]),
        ("field A.a = 1\nretired field A.b = 1\n", ["lock-duplicate at svcgen.lock:2"]),
        ("field A.a = 1\nretired field A.a = 2\n", []),
    ],
)
def test_lock_file_is_read_or_refused_at_its_line(text: str, expected: list[str]) -> None:
    assert findings(api(struct("Book", title="string")), text) == expected


@given(st.text())
def test_any_text_is_read_without_a_traceback(text: str) -> None:
    lock.assign(api(struct("Book", title="string")), text, "svcgen.lock", Report())


def test_lock_merges_line_by_line() -> None:
    """Two branches that add to different types merge by taking the lines of both."""
    base = api(struct("A", a="string"), struct("B", b="string"))
    _, text = assign(base)
    _, ours = assign(api(struct("A", a="string", x="string"), struct("B", b="string")), text)
    _, theirs = assign(api(struct("A", a="string"), struct("B", b="string", y="string")), text)

    merged = "\n".join({*ours.splitlines(), *theirs.splitlines()})

    edited = api(struct("A", a="string", x="string"), struct("B", b="string", y="string"))
    assert entries(assign(edited, merged)[1]) == [
        "field A.a = 1",
        "field A.x = 2",
        "field B.b = 1",
        "field B.y = 2",
    ]


NAMES = ("a", "b", "c", "d", "e")
OWNERS = ("One", "Two", "Three")


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, list[tuple[str, int | None]]]:
    """Owners with members in any order, some with numbers of their own."""
    owners = draw(st.lists(st.sampled_from(OWNERS), unique=True))
    found = {}
    for owner in owners:
        names = draw(st.lists(st.sampled_from(NAMES), unique=True))
        numbers = draw(
            st.lists(st.integers(1, 9), min_size=len(names), max_size=len(names), unique=True)
        )
        chosen = [number if draw(st.integers(0, 3)) == 0 else None for number in numbers]
        found[owner] = list(zip(names, chosen, strict=True))
    return found


def model_of(definition: dict[str, list[tuple[str, int | None]]]) -> Api:
    structs = [
        struct(owner, *(field(name, "string", number=number) for name, number in members))
        for owner, members in definition.items()
    ]
    return api(*structs)


def numbers_of(model: Api) -> dict[tuple[str, str], int | None]:
    return {
        (struct_.name.wire, f.name.wire): f.number
        for struct_ in model.structs
        for f in struct_.fields
    }


@given(st.lists(definitions(), min_size=1, max_size=8))
def test_numbers_never_move_over_any_edits(
    edits: list[dict[str, list[tuple[str, int | None]]]],
) -> None:
    """No number ever means two things, however the definition is edited."""
    text: str | None = None
    meant: dict[tuple[str, int | None], tuple[str, int]] = {}
    held: dict[tuple[str, str], int | None] = {}
    life: dict[tuple[str, str], int] = {}
    for edit in edits:
        report = Report()
        numbered, written = lock.assign(model_of(edit), text, "svcgen.lock", report)
        if report.has_errors:
            continue
        now = numbers_of(numbered)
        for key in now.keys() - held.keys():
            life[key] = life.get(key, 0) + 1  # a name that comes back is another member
        for (owner, name), number in now.items():
            key = (owner, name)
            assert held.get(key, number) == number
            assert meant.setdefault((owner, number), (name, life[key])) == (name, life[key])
        held, text = now, written
        assert lock.assign(model_of(edit), text, "svcgen.lock", Report()) == (numbered, written)
        assert lockfile.write(lockfile.read(text, "svcgen.lock", Report())) == text


@given(st.permutations(NAMES), st.permutations(NAMES))
def test_renaming_every_field_in_turn_keeps_every_number(old: list[str], new: list[str]) -> None:
    _, text = assign(api(struct("Book", *(field(name, "string") for name in old))))
    renamed = [field(f"x{n}", "string", renamed_from=n) for n in new]

    numbered, _ = assign(api(struct("Book", *renamed)), text)

    assert _by_name(numbered.structs[0].fields) == {f"x{n}": i + 1 for i, n in enumerate(old)}


def _by_name(given: tuple[Field, ...]) -> dict[str, int | None]:
    return {f.name.wire: f.number for f in given}
