"""A project of a .thrift: served and called over every protocol, and its wire is that of the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from svcgen.diagnostics import Report
from svcgen.formats.thrift.reader import read
from svcgen.model.dump import dump
from svcgen.model.service import Api
from tests import thrift_oracle
from tests.test_generated import run

THRIFTS = Path(__file__).parent / "thrifts"
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of shop.thrift, its handlers filled in."""
    folder = tmp_path_factory.mktemp("shop") / "shop"
    run("svcgen", "new", str(THRIFTS / "shop.thrift"), "-o", str(folder), cwd=ROOT)
    shutil.copy(THRIFTS / "handler.py", folder / "python" / "src" / "shop" / "handler.py")
    return folder


def model(path: Path) -> Api:
    report = Report()
    api = read(path, report)
    assert api is not None, report.diagnostics
    return api


@pytest.mark.slow
def test_every_method_is_called_over_every_protocol(project: Path) -> None:
    out = run(
        "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-rs", cwd=project / "python",
        env={"PYTHONPATH": str(project / "python" / "src")},
    )  # fmt: skip

    assert "50 passed" in out


def test_what_it_includes_is_copied(project: Path) -> None:
    assert (project / "common.thrift").read_bytes() == (THRIFTS / "common.thrift").read_bytes()
    run("svcgen", "generate", "--check", cwd=project)


def test_the_compiler_sees_the_same_wire(project: Path) -> None:
    """Fields, numbers, words of presence, results and exceptions, in what was read and written."""
    before = thrift_oracle.judge(THRIFTS / "shop.thrift").tree
    after = thrift_oracle.judge(project / "schemas" / "shop.thrift").tree
    assert before is not None
    assert after is not None

    structs = {each["name"]: wire(each["fields"]) for each in after["structs"]}
    assert structs | {each["name"]: wire(each["fields"]) for each in before["structs"]} == structs
    services = {each["name"]: each["functions"] for each in after["services"]}
    inherited = {f["name"] for f in services["Base"]} - {"ping"}
    assert inherited == {"skus"}
    assert {f["name"]: call(f) for f in services["Shop"]} == {
        f["name"]: call(f)
        for s in before["services"]
        for f in s["functions"]
        if s["name"] == "Shop"
    }


def wire(fields: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [
        (f["key"], f["name"], f["typeId"], f["required"], f.get("default"), f.get("doc"))
        for f in fields
    ]


def call(function: dict[str, object]) -> tuple[object, ...]:
    arguments, exceptions = function["arguments"], function["exceptions"]
    assert isinstance(arguments, list)
    assert isinstance(exceptions, list)
    return (function["returnTypeId"], function["oneway"], wire(arguments), wire(exceptions))


def test_reading_what_is_written_gives_the_model(project: Path) -> None:
    """All of it, in one file: what it includes is there."""
    before, after = model(THRIFTS / "shop.thrift"), model(project / "schemas" / "shop.thrift")
    told, said = dump(before), dump(after)

    assert said["package"] == told["package"]
    assert said["doc"] == told["doc"]
    assert said["bind"] == told["bind"]
    assert said["types"] == told["types"]
    assert said["errors"] == told["errors"]
    assert said["constants"] == told["constants"]
    base, shop = told["services"]
    del base["bind"]["thrift"]["extends"]  # of the other file
    assert said["services"] == [{k: v for k, v in base.items() if k != "bind"}, shop]


def test_requiredness_is_what_apaches_peers_hold_to(tmp_path: Path) -> None:
    """A field without a word may be absent; an argument without one is there."""
    file = tmp_path / "x.thrift"
    file.write_text(
        "struct A { 1: i32 plain, 2: required i32 needed, 3: optional i32 loose, 4: i32 given = 5,"
        " 5: required i32 both = 6, 6: optional i32 either = 7 }\n"
        "service S { void f(1: i32 plain, 2: optional i32 loose, 3: required i32 needed) }\n"
    )

    api = model(file)

    def said(fields: object) -> list[tuple[bool, object]]:
        assert isinstance(fields, tuple)
        return [(f.required, f.meta.bind.get("thrift", {}).get("requiredness")) for f in fields]

    assert said(api.structs[0].fields) == [
        (False, "default"), (True, None), (False, None), (False, None), (False, "required"),
        (False, "optional"),
    ]  # fmt: skip
    assert said(api.services[0].operations[0].params) == [
        (True, None), (False, "optional"), (True, "required"),
    ]  # fmt: skip


def test_uuids_are_read(tmp_path: Path) -> None:
    """The compiler knows them from 0.18 on; in older files the word may be a name."""
    file = tmp_path / "x.thrift"
    file.write_text(
        'struct A { 1: uuid id = "12345678-1234-5678-1234-567812345678", 2: list<uuid> all }\n'
    )
    assert [str(f["type"]) for f in dump(model(file))["types"]["A"]["fields"]] == [
        "uuid", "list<uuid>",
    ]  # fmt: skip

    file.write_text("typedef string uuid\nstruct A { 1: uuid id }\n")
    assert "uuid" in model(file).types


def test_names_that_clash_are_told_apart(tmp_path: Path) -> None:
    """What the compiler tells apart by case alone is one word in generated code."""
    (tmp_path / "other.thrift").write_text("namespace py other\nstruct Book {}\n")
    file = tmp_path / "x.thrift"
    file.write_text(
        'include "other.thrift"\nnamespace py x\n'
        "struct book { 1: i32 theId, 2: i32 the_id, 3: other.Book other }\n"
        "exception Book {}\n"
        "service S { Book get() throws (1: Book b), void getAll(), void get_all() }\n"
    )

    api = model(file)

    assert [*api.types] == ["Book3", "book", "Book2Data"]
    assert [*api.errors] == ["Book2"]
    book = api.types["book"]
    assert [f.name.snake for f in book.fields] == ["the_id", "the_id2", "other"]  # type: ignore[union-attr]
    assert [o.name.snake for o in api.services[0].operations] == ["get", "get_all", "get_all2"]
    assert api.origins["Book3"].name == "Book"
