"""The reader of SDL against graphql-core: the same refusals, and written again the same schema."""

from __future__ import annotations

import gc
import random
import re
import time
from pathlib import Path

import pytest
from graphql import GraphQLError, build_ast_schema, parse, validate_schema
from graphql.validation.validate import validate_sdl

from svcgen import checks, pipeline, registry
from svcgen.diagnostics import Report, Severity
from svcgen.formats import AS_THEY_ARE, Sources, Writing
from svcgen.formats.graphql.names import legal
from svcgen.formats.graphql.reader import read
from svcgen.model.bindings import Bound
from svcgen.model.dump import dump
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api
from svcgen.render import render
from tests import projects, tools
from tests.sdl_facts import facts

SCHEMAS = Path(__file__).parent / "schemas"
OWN = sorted(SCHEMAS.glob("*.graphql"))
EXAMPLES = sorted(p.parent.name for p in projects.EXAMPLES.glob("*/handler.py"))
NPM = {
    "@octokit/graphql-schema": ("schema.graphql", True),
    "@nautical-commerce/graphql-schema": ("nautical/schema.graphql", False),
}
"""Schemas of others, and whether they are read leniently."""


def sdl(api: Api) -> str:
    write = registry.formats()["graphql"].write
    assert write is not None
    [content] = write(Bound(api, "graphql", ()), Writing()).values()
    [file] = render([PlannedFile.of("x.graphql", content)])
    return file.content.decode()


def read_again(path: Path, report: Report, *, lenient: bool = False) -> Api:
    api = read(path, report, lenient=lenient)
    assert api is not None, report.diagnostics[:5]
    return api


def check_same(path: Path, *, lenient: bool = False) -> Api:
    """Read a schema and write it: it says the same, and the model has no fault."""
    report = Report()
    api = read_again(path, report, lenient=lenient)
    assert lenient or not report.diagnostics
    assert not report.has_errors

    written = sdl(api)

    assert not validate_sdl(parse(written))
    assert facts(parse(written)) == facts(parse(path.read_text(encoding="utf-8")))
    found = Report()
    checks.check(api, found)
    assert not found.diagnostics
    return api


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_a_schema_is_written_as_it_was_read(path: Path) -> None:
    check_same(path)


@pytest.mark.slow
@pytest.mark.parametrize("package", NPM)
def test_schemas_of_others_are_written_as_they_were_read(package: str) -> None:
    tools.node_with(package)
    name, lenient = NPM[package]

    api = check_same(tools.NODE / "node_modules" / package / name, lenient=lenient)

    assert len(api.types) > 900


def test_a_schema_with_a_fault_is_read_only_if_told_so() -> None:
    tools.node_with("@octokit/graphql-schema")
    path = tools.NODE / "node_modules" / "@octokit/graphql-schema" / "schema.graphql"
    strict, report = Report(), Report()

    assert pipeline.read(path, strict, AS_THEY_ARE) is None
    assert pipeline.read(path, report, Sources(lenient=True)) is not None

    assert {d.rule.code for d in strict.diagnostics} == {"graphql-duplicate-name"}
    assert {d.rule.code for d in report.diagnostics} == {"graphql-lenient"}
    assert {d.severity for d in report.diagnostics} == {Severity.WARNING}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_svcgen_writes_is_read_again(name: str) -> None:
    [path] = (projects.generated(name) / "schemas").glob("*.graphql")
    original = pipeline.read(projects.EXAMPLES / name / f"{name}.yaml", Report())
    assert original is not None

    api = check_same(path)

    assert api.package == original.package
    found, wanted = plain(api), plain(original)
    assert found.keys() & wanted.keys()
    for type_name in found.keys() & wanted.keys():
        renamed = {name for name in wanted[type_name] if legal(name) != name}
        known = {n: t for n, t in wanted[type_name].items() if n not in renamed}
        assert {n: t for n, t in found[type_name].items() if n in known} == known


def plain(api: Api) -> dict[str, dict[str, str]]:
    """The members of each type with their types, as far as SDL can tell types from each other."""
    types = dump(api)["types"]
    aliases = {n: t["target"] for n, t in types.items() if t["kind"] == "alias" and n != "ID"}
    return {
        name: {
            member["name"]: told(member["type"], aliases)
            for member in found.get("fields", found.get("members", ()))
        }
        for name, found in types.items()
        if found["kind"] in ("struct", "union")
    }


def told(kind: str, aliases: dict[str, str]) -> str:
    """Small integers are Int, floats one Float, sets lists, and aliases what they stand for."""
    kind = re.sub(r"\w+", lambda word: aliases.get(word[0], word[0]), kind)
    kind = re.sub(r"\bu?int(8|16)\b", "int32", kind)
    return kind.replace("float32", "float64").replace("set<", "list<").removesuffix("|null")


def test_places_and_descriptions_are_told() -> None:
    api = read_again(SCHEMAS / "library.graphql", Report())
    book = next(struct for struct in api.structs if struct.name.wire == "Book")
    title = next(field for field in book.fields if field.name.wire == "title")
    lines = (SCHEMAS / "library.graphql").read_text(encoding="utf-8").splitlines()

    assert lines[title.meta.span.line - 1][title.meta.span.column - 1 :] == "title: String!"
    assert lines[title.type.span.line - 1][title.type.span.column - 1 :] == "String!"
    [service] = api.services
    [late] = [o for o in service.operations if o.name.wire == "bookAuthors"]
    assert late.meta.doc == "Its\nwriters."
    assert [param.name.wire for param in late.params] == ["book", "first", "after"]
    assert late.meta.bind["graphql"] == {"of": "Book", "field": "authors"}


# --- mutants ------------------------------------------------------------------------------------

TOKEN = re.compile(r'"""(?:[^"]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\w+|[^\w\s#]|#[^\n]*')
STRANGE = (
    "} { ( ) [ ] ! : = | & @ type input enum interface union scalar directive extend schema implements "
    'query mutation on repeatable "open """ 0 1 -1 1.5 "x" true null foo Int String Boolean Query ID '
    "FIELD_DEFINITION OBJECT @deprecated __name é . ... $x # \\"
).split()


def mutant(text: str, rng: random.Random) -> tuple[str, str]:
    """The text with one token deleted, doubled, replaced or added; and what was done."""
    tokens = list(TOKEN.finditer(text))
    at = rng.choice(tokens)
    old = at.group()
    alike = [t.group() for t in tokens if t.group()[0].isalpha() == old[0].isalpha()]
    new = rng.choice(
        ["", f"{old} {old}", rng.choice(STRANGE), f"{rng.choice(STRANGE)} {old}"]
        + [rng.choice(alike) for _ in range(4)]
    )
    return text[: at.start()] + new + text[at.end() :], f"{old!r} -> {new!r}"


def complaints(text: str) -> tuple[bool, set[int]]:
    """Whether graphql-core accepts a schema, and the lines that it complains of."""
    try:
        document = parse(text)
        errors = validate_sdl(document)
        errors = errors or validate_schema(build_ast_schema(document, assume_valid_sdl=True))
    except GraphQLError as error:
        errors = [error]
    except TypeError:
        return False, set()
    return not errors, {place.line for error in errors for place in error.locations or ()}


def sources() -> list[str]:
    """Our own schemas, what svcgen writes, and pieces of somebody else's."""
    found = [path.read_text(encoding="utf-8") for path in OWN]
    for name in EXAMPLES:
        [path] = (projects.generated(name) / "schemas").glob("*.graphql")
        found.append(path.read_text(encoding="utf-8"))
    return found + [piece(package, number) for package in NPM for number in range(6)]


def piece(package: str, number: int) -> str:
    """A few types of a schema; of those that they mention and are not there each is a String."""
    tools.node_with(package)
    text = (tools.NODE / "node_modules" / package / NPM[package][0]).read_text(encoding="utf-8")
    starts = [match.start() for match in BLOCK.finditer(text)]
    bodies = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    plain = [body for body in bodies if MADE.search(body) and "@require" not in body]
    chosen = [each for each in plain[number * 31 :: 211] if len(each) < 4000][:8]
    declared = {MADE.search(each)[2] for each in chosen}  # type: ignore[index]
    known = {"String", "Int", "Float", "Boolean", "ID", *declared}
    mention = re.compile(r"(:\s*\[*)([A-Z]\w*)(?=[\]!]*(?:\s|\)|,|$))")
    return "type Query {\n  hello: String\n}\n\n" + "".join(
        mention.sub(lambda m: m[0] if m[2] in known else m[1] + "String", each) for each in chosen
    )


BLOCK = re.compile(
    r'(?m)^(?:"""(?:[^"]|"(?!""))*"""\s)?(?=(?:type|input|enum|interface|union|scalar) )'
)
MADE = re.compile(r"(?m)^(type|input|enum) (\w+) \{$")


@pytest.mark.slow
def test_mutants_are_refused_as_graphql_core_refuses_them(tmp_path: Path) -> None:
    """Those that graphql-core refuses are refused at its line, those that it accepts are read."""
    rng = random.Random(21)
    texts = sources()
    missed, elsewhere, wronged, refused, accepted = [], [], [], 0, 0
    file = tmp_path / "x.graphql"
    for number in range(760):
        text, done = mutant(texts[number % len(texts)], rng)
        file.write_text(text, encoding="utf-8")
        fine, lines = complaints(text)
        report = Report()
        api = read(file, report, lenient=False)
        errors = [d for d in report.diagnostics if d.severity is Severity.ERROR]
        label = f"{done}: {[(d.span.line, d.message) for d in errors][:2]} {sorted(lines)[:5]}"
        if fine:
            accepted += 1
            wronged += [label] if errors or api is None or not sdl(api) else []
            continue
        refused += 1
        missed += [] if errors else [label]
        if errors and lines and not lines & {d.span.line for d in errors}:
            elsewhere.append(label)

    assert refused + accepted == 760
    assert accepted >= 100
    assert missed == []
    assert wronged == []
    assert elsewhere == []


# --- bad input ----------------------------------------------------------------------------------

HEAD = b"type Query {\n  a: Int\n}\n"
NOT_SDL = {
    "a list type nested 500 deep": (
        b"type Query {\n  a: " + b"[" * 500 + b"Int" + b"]" * 500 + b"\n}\n", "graphql-syntax", 2,
    ),
    "a value nested 500 deep": (
        b"type Query {\n  a(b: Int = " + b"[" * 500 + b"]" * 500 + b"): Int\n}\n", "graphql-syntax", 2,
    ),
    "an object nested 500 deep": (
        HEAD + b"extend type Query @a(b: " + b"{a: " * 500 + b"1" + b"}" * 500 + b")", "graphql-syntax", 4,
    ),
    "string without end": (HEAD + b'"what\ntype A {a: Int}\n', "graphql-syntax", 4),
    "block without end": (HEAD + b'"""what\ntype A {a: Int}\n', "graphql-syntax", 6),
    "not UTF-8": (HEAD + b"# Gr\xfc\xdfe\n", "not-utf8", 4),
    "a NUL": (HEAD + b"type A { \x00 }\n", "nul-character", 4),
    "too large": (HEAD + b"# x\n" * (5 * 2**20), "unreadable-file", 1),
    "no brace": (HEAD + b"type A {\n", "graphql-syntax", 5),
    "nothing": (b"", "graphql-syntax", 1),
    "a number of 10000 digits": (
        b"type Query {\n  a(b: Int = " + b"9" * 10000 + b"): Int\n}\n", "graphql-schema", 2,
    ),
    "an interface that is itself": (
        HEAD + b"interface A implements A { a: Int }\n", "graphql-schema", 4,
    ),
    "interfaces in a circle": (
        HEAD + b"interface A implements B { a: Int }\ninterface B implements A { a: Int }\n",
        "graphql-schema", 4,
    ),
    "an input that is never complete": (
        HEAD + b"input A { b: B! }\ninput B { a: A! }\n", "graphql-schema", 5,
    ),
    "a default that needs itself": (
        HEAD + b"input A { b: A = {} }\n", "graphql-schema", 4,
    ),
    "no query": (b"type A {\n  a: Int\n}\n", "graphql-schema", 1),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "line"), NOT_SDL.values(), ids=NOT_SDL)
def test_bad_input_is_a_finding(data: bytes, code: str, line: int, tmp_path: Path) -> None:
    file = tmp_path / "x.graphql"
    file.write_bytes(data)
    report = Report()
    began = time.monotonic()

    assert read(file, report, lenient=False) is None

    assert (code, line) in [(d.rule.code, d.span.line) for d in report.diagnostics]
    assert {d.rule.code for d in report.diagnostics} == {code}
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + HEAD, HEAD.replace(b"\n", b"\r\n")])
def test_marks_and_line_ends_are_read(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.graphql"
    file.write_bytes(data + b'type A {\r\n  "doc"\r\n  a: Int\r\n}\r\n')
    report = Report()

    api = read_again(file, report)

    assert not report.diagnostics
    assert api.structs[0].fields[0].meta.doc == "doc"
    assert api.structs[0].fields[0].meta.span.line == 6


def test_many_faults_end_the_search(tmp_path: Path) -> None:
    """Near misses of each of them are looked for, which must not take for ever."""
    types = "".join(f"type Type{number} {{ a: Typ{number}x }}\n" for number in range(3000))
    file = tmp_path / "x.graphql"
    file.write_bytes(HEAD + types.encode())
    report = Report()
    began = time.monotonic()

    assert read(file, report, lenient=False) is None

    assert {d.rule.code for d in report.diagnostics} == {"graphql-unknown-type"}
    assert time.monotonic() - began < 60


def test_reading_leaves_the_garbage_collector_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "x.graphql"
    file.write_bytes(HEAD)
    assert gc.isenabled()

    read(file, Report(), lenient=False)
    assert gc.isenabled()
    gc.disable()
    try:
        read(file, Report(), lenient=False)
        assert not gc.isenabled()
    finally:
        gc.enable()
