"""The reader of .thrift files against Apache's compiler: the same structure, the same refusals."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest

from svcgen.diagnostics import Report, Severity
from svcgen.formats import Sources
from svcgen.formats.source import Source
from svcgen.formats.thrift.lexer import tokenize
from svcgen.formats.thrift.library import Library
from svcgen.formats.thrift.reader import read
from tests import thrift_oracle
from tests.thrift_facts import ours
from tests.thrift_suite import sources

OWN = sorted((Path(__file__).parent / "thrifts").glob("*.thrift"))


def corpus() -> list[Path]:
    """Every .thrift of Debian's source package."""
    return sorted(sources().rglob("*.thrift"))


def compare(files: list[Path]) -> tuple[int, list[str]]:
    """How many files Apache's compiler accepts; where we differ from it."""
    accepted, different = 0, []
    for file in files:
        verdict = thrift_oracle.judge(file)
        report = Report()
        main = Library().read(file, report)
        accepted += verdict.accepts
        if verdict.accepts == report.has_errors:
            different.append(f"{file}: {verdict.said} {[d.message for d in report.diagnostics]}")
        elif verdict.accepts and main is not None:
            assert verdict.tree is not None, file
            if ours(main) != verdict.tree:
                different.append(f"{file}: another structure")
    return accepted, different


@pytest.mark.slow
@pytest.mark.network
def test_structure_of_apaches_files_equals_its_compilers() -> None:
    accepted, different = compare(corpus())

    assert accepted >= 160
    assert different == []


def test_structure_of_our_own_files_equals_its_compilers() -> None:
    accepted, different = compare(OWN)

    assert accepted == len(OWN)
    assert different == []


# --- mutants ------------------------------------------------------------------------------------

STRANGE = (
    '} { ; = struct optional required 0 1 -1 "x" foo list < > ( ) , enum exception union extends throws '
    "99999999999999999999 i32 1.5 oneway map set [ ] typedef const service include namespace ' * & é "
    "/* 40000 0x 09 true return from string binary void async slist 0x7f e5 a.b @ xsd_all -"
).split()


def mutant(text: str, rng: random.Random) -> tuple[str, str]:
    """The text with one token deleted, doubled, replaced or added; and what was done."""
    tokens = tokenize(Source.of("", text))
    at = rng.randrange(len(tokens.texts) - 1)
    start = tokens.offsets[at]
    end = start + len(tokens.texts[at])
    old = text[start:end]
    alike = [t for t in tokens.texts[:-1] if t[:1].isalpha() == old[:1].isalpha() and t != old]
    new = rng.choice(
        ["", f"{old} {old}", rng.choice(STRANGE), f"{rng.choice(STRANGE)} {old}"]
        + [rng.choice(alike or STRANGE) for _ in range(4)]
    )
    return text[:start] + new + text[end:], f"{old!r} -> {new!r}"


@pytest.mark.slow
@pytest.mark.network
def test_mutants_are_refused_as_the_compiler_refuses_them(tmp_path: Path) -> None:
    """Of those that the compiler refuses all are refused, 99 % of them at the line of its complaint.

    It complains where it has read enough: of a name that is there twice, at the token behind the
    second declaration. Our error stands there too.
    """
    rng = random.Random(4)
    copy = shutil.copytree(sources(), tmp_path / "sources", ignore=_no_thrift)
    found = sorted(copy.rglob("*.thrift"))
    files = [f for f in found if f.stat().st_size > 400 and thrift_oracle.judge(f).accepts]
    missed, elsewhere, wronged, refused = [], [], [], 0
    for number in range(300):
        source = files[number * 7 % len(files)]
        text, done = mutant(source.read_text(encoding="utf-8-sig"), rng)
        verdict, report = judged(source.with_name("svcgen_mutant.thrift"), text)
        errors = [d.span for d in report.diagnostics if d.severity is Severity.ERROR]
        label = f"{source.name}: {done}: {report.diagnostics[:2]} {verdict.said}"
        if verdict.accepts:
            wronged += [label] if errors else []
            continue
        refused += 1
        missed += [] if errors else [label]
        if verdict.lines and not any(s.line in verdict.lines for s in errors):
            elsewhere.append(label)

    assert refused >= 250
    assert missed == []
    assert wronged == []
    assert len(elsewhere) <= refused * 0.01, elsewhere


def _no_thrift(folder: str, names: list[str]) -> list[str]:
    """What is neither a folder nor a .thrift."""
    return [n for n in names if not n.endswith(".thrift") and not Path(folder, n).is_dir()]


def judged(file: Path, text: str) -> tuple[thrift_oracle.Verdict, Report]:
    """What the compiler and we say of a text, as a file beside what it includes."""
    report = Report()
    try:
        file.write_text(text, encoding="utf-8")
        verdict = thrift_oracle.judge(file)
        Library().read(file, report)
    finally:
        file.unlink()
    return verdict, report


# --- runs ---------------------------------------------------------------------------------------

RUN = {
    "base.thrift": "struct Base { 1: i32 id }",
    "odd.thrift": 'include "base.thrift"\nstruct Odd { 1: base.Base base, 1: Unknown twice }',
    "cut.thrift": "struct Cut {",
    "one.thrift": 'include "base.thrift"\nstruct One { 1: base.Base base }',
    "two.thrift": 'include "one.thrift"\ninclude "base.thrift"\nstruct Two { 1: one.One one }',
    "bad.thrift": 'include "odd.thrift"\ninclude "two.thrift"\nstruct Bad { 1: odd.Odd odd }',
    "lost.thrift": 'include "none.thrift"\ninclude "two.thrift"\nstruct Lost {}',
    "half.thrift": 'include "cut.thrift"\ninclude "two.thrift"',
    "circle.thrift": 'include "back.thrift"\nstruct Circle {}',
    "back.thrift": 'include "circle.thrift"\ninclude "base.thrift"\nstruct Back {}',
}
"""Files that share what they include, right and wrong."""


def found(library: Library, file: Path) -> tuple[list[str], object]:
    report = Report()
    main = library.read(file, report)
    told = [f"{each.span} {each.rule.code} {each.message}" for each in report.diagnostics]
    return told, main and not report.has_errors and ours(main)


@pytest.mark.parametrize("seed", range(4))
def test_files_of_a_run_are_read_as_each_alone(tmp_path: Path, seed: int) -> None:
    for name, text in RUN.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [tmp_path / name for name in RUN] * 2
    random.Random(seed).shuffle(files)
    library = Library()

    assert [found(library, file) for file in files] == [found(Library(), file) for file in files]


# --- bad input ----------------------------------------------------------------------------------

HEAD = b"namespace py demo\n"
DEEP = b"list<" * 500 + b"i32" + b">" * 500
NOT_THRIFT = {
    "types nested 500 deep": (HEAD + b"struct A { 1: " + DEEP + b" a }\n", "thrift-syntax", 2),
    "constants nested 500 deep": (
        HEAD + b"const list<i32> A = " + b"[" * 500 + b"]" * 500 + b"\n", "thrift-syntax", 2,
    ),
    "maps nested 500 deep": (
        HEAD + b"const i32 A = " + b"{1: " * 500 + b"1" + b"}" * 500 + b"\n", "thrift-syntax", 2,
    ),
    "attributes nested 500 deep": (
        HEAD + b"struct A { " + b"1: i32 a xsd_attrs { " * 500 + b"}" * 501 + b"\n", "thrift-syntax", 2,
    ),
    "a folder as include": (HEAD + b'include "."\n', "unreadable-file", 2),
    "somebody else's file as include": (
        HEAD + b'include "/etc/passwd"\n', "thrift-include-foreign", 2,
    ),
    "an include without a name": (HEAD + b'include ""\n', "unreadable-file", 2),
    "a device as include": (HEAD + b'include "/dev/zero"\n', "unreadable-file", 2),
    "comment without end": (HEAD + b"/* what\n" * 3, "thrift-syntax", 5),
    "many comments without end": (HEAD + b"/*\n" * (1 << 20), "thrift-syntax", (1 << 20) + 2),
    "string without end": (HEAD + b'const string A = "a;\n', "thrift-syntax", 2),
    "escape that is none": (HEAD + b'const string A = "\\d"\n', "thrift-syntax", 2),
    "not UTF-8": (HEAD + b"// Gr\xfc\xdfe\n", "not-utf8", 2),
    "a NUL": (HEAD + b"struct A { \x00 }\n", "nul-character", 2),
    "too large": (HEAD + b"// x\n" * (4 * 2**20), "unreadable-file", 1),
    "no brace": (HEAD + b"struct A {\n", "thrift-syntax", 3),
    "a number of 10000 digits": (HEAD + b"enum A { B = " + b"9" * 10000 + b" }\n", "thrift-syntax", 2),
    "a typedef of itself": (HEAD + b"typedef A A\n", "thrift-typedef-cycle", 2),
    "the throwing of what comes later": (
        HEAD + b"service S { void f() throws (1: E e) }\nexception E {}\n", "thrift-undefined", 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "line"), NOT_THRIFT.values(), ids=NOT_THRIFT)
def test_bad_input_is_a_finding(data: bytes, code: str, line: int, tmp_path: Path) -> None:
    file = tmp_path / "x.thrift"
    file.write_bytes(data)
    report = Report()
    began = time.monotonic()

    assert read(file, report) is None

    assert [(d.rule.code, d.span.line) for d in report.diagnostics] == [(code, line)]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + HEAD, HEAD.replace(b"\n", b"\r\n"), b""])
def test_marks_line_ends_and_nothing_are_read(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.thrift"
    file.write_bytes(data + b"struct A {\r\n  /** doc */\r\n  1: string a\r\n}\r\n")
    report = Report()

    api = read(file, report)

    assert api is not None
    assert not report.diagnostics
    assert api.structs[0].fields[0].meta.doc == "doc"
    assert api.structs[0].fields[0].meta.span.line == data.count(b"\n") + 3


def test_a_circle_of_includes_is_a_finding(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.thrift").write_bytes(HEAD + f'include "{other}.thrift"\n'.encode())
    report = Report()

    assert read(tmp_path / "a.thrift", report) is None

    assert [(d.rule.code, d.span.file, d.span.line) for d in report.diagnostics] == [
        ("thrift-include-cycle", str(tmp_path / "c.thrift"), 2)
    ]


def test_a_long_chain_of_includes_is_read(tmp_path: Path) -> None:
    for number in range(1200):
        text = f'include "f{number + 1}.thrift"\nstruct M{number} {{ 1: f{number + 1}.M{number + 1} m }}\n'
        (tmp_path / f"f{number}.thrift").write_text(text)
    (tmp_path / "f1200.thrift").write_text("struct M1200 {}\n")
    report = Report()

    api = read(tmp_path / "f0.thrift", report)

    assert api is not None
    assert len(api.types) == 1201


def test_includes_are_found_beside_the_file_and_in_the_given_folders(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "main.thrift").write_text('include "deep/a.thrift"\nstruct M { 1: a.A a }\n')
    (tmp_path / "deep" / "a.thrift").write_text('include "er/b.thrift"\nstruct A { 1: b.B b }\n')
    (tmp_path / "deep" / "er" / "b.thrift").write_text(
        'include "../../main2.thrift"\ninclude "far.thrift"\nstruct B { 1: far.F f }\n'
    )
    (tmp_path / "main2.thrift").write_text("")
    (tmp_path / "elsewhere" / "far.thrift").write_text("namespace * so.far\nstruct F {}\n")
    report = Report()

    api = read(tmp_path / "main.thrift", report, Sources(include=(tmp_path / "elsewhere",)))

    assert api is not None
    assert {n: (o.file, o.package, o.name) for n, o in api.origins.items()} == {
        "A": ("deep/a", "a", "A"),
        "B": ("deep/er/b", "b", "B"),
        "F": ("far", "so.far", "F"),
    }


def test_a_missing_include_is_a_warning_until_something_of_it_is_needed(tmp_path: Path) -> None:
    file = tmp_path / "x.thrift"
    unused, used = Report(), Report()

    file.write_text('include "no.thrift"\nstruct A {}\n')
    assert read(file, unused) is not None
    file.write_text('include "no.thrift"\nstruct A { 1: no.Such a }\n')
    assert read(file, used) is None

    assert [d.rule.code for d in unused.diagnostics] == ["thrift-include-missing"]
    assert [d.rule.code for d in used.diagnostics] == ["thrift-include-missing", "thrift-undefined"]


FIELDS = "".join(f"{number}: i32 f{number} " for number in range(1, 2001))
VALUES = "".join(f"V{number} " for number in range(2000))
LARGE = {
    "a set": f"const set<i32> A = [{'1, 2, 3, ' * 10000}]\n",
    "a set of different items": f"const set<i32> A = [{','.join(map(str, range(30000)))}]\n",
    "values of an enum": f"enum E {{{VALUES}}}\nconst list<E> A = [{'E.V1999, 1999, ' * 10000}]\n",
    "structs": f"struct S {{{FIELDS}}}\nconst list<S> A = [{'{'} 'f2000': 1 {'}'}{', {}' * 20000}]\n",
    "names of the same words": "".join(f"struct A{'_' * number} {{}}\n" for number in range(2000)),
    "names without words": "".join(f"struct {'_' * number} {{}}\n" for number in range(3, 1000)),
    "typedefs of lists of typedefs": "typedef i32 T0\n"
    + "".join(f"typedef list<T{number}> T{number + 1}\n" for number in range(10000)),
    "a chain of services": "service S0 {}\n"
    + "".join(f"service S{n + 1} extends S{n} {{ void f{n}() }}\n" for n in range(300)),
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_large_things_take_no_time(text: str, tmp_path: Path) -> None:
    file = tmp_path / "x.thrift"
    file.write_text(text)
    report = Report()
    began = time.process_time()

    assert read(file, report) is not None, report.diagnostics

    assert time.process_time() - began < 10


def test_what_services_inherit_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "x.thrift"
    chain = "".join(f"service S{n + 1} extends S{n} {{ void f{n}() }}\n" for n in range(5000))
    file.write_text(f"service S0 {{}}\n{chain}")
    report = Report()

    assert read(file, report) is None

    first = report.diagnostics[0]
    assert (first.rule.code, first.span.line) == ("thrift-syntax", 318)
    assert "100000" in first.message


def test_many_typedefs_of_typedefs_take_no_time(tmp_path: Path) -> None:
    file = tmp_path / "x.thrift"
    chain = "".join(f"typedef T{number + 1} T{number}\n" for number in range(10000))
    ends, circles = Report(), Report()
    began = time.monotonic()

    file.write_text(f"{chain}typedef i32 T10000\n")
    assert read(file, ends) is not None
    file.write_text(f"{chain}typedef T0 T10000\n")
    assert read(file, circles) is None

    assert {d.rule.code for d in circles.diagnostics} == {"thrift-typedef-cycle"}
    assert len(circles.diagnostics) == 10001
    assert time.monotonic() - began < 30
