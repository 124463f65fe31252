"""The reader of .proto files against protoc: the same structure, the same refusals."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest

from svcgen.diagnostics import Report, Severity
from svcgen.formats.protobuf.lexer import TOKEN
from svcgen.formats.protobuf.library import BUNDLED, Library
from svcgen.formats.protobuf.reader import read
from tests import proto_corpus, proto_oracle
from tests.proto_facts import Theirs, ours

PROTOS = Path(__file__).parent / "protos"
OWN = sorted(PROTOS.glob("*.proto"))


def installed() -> list[tuple[Path, str]]:
    """Every .proto of grpcio-tools and of googleapis-common-protos: its root and import path."""
    return [
        (root, path.relative_to(root).as_posix())
        for root in (proto_oracle.WELL_KNOWN, proto_oracle.COMMON)
        for path in sorted((root / "google").rglob("*.proto"))
    ]


def own_folder(tmp_path: Path) -> Path:
    """Our files of every syntax beside what they import."""
    shutil.copytree(PROTOS, tmp_path, dirs_exist_ok=True)
    shutil.copytree(BUNDLED, tmp_path, dirs_exist_ok=True)
    return tmp_path


def compare(roots: list[Path], names: list[str]) -> None:
    theirs = Theirs(proto_oracle.descriptors(roots, names))
    library = Library(roots)
    for name in names:
        report = Report()
        path = next(root / name for root in roots if (root / name).is_file())
        reading = library.read(path, report)
        assert reading is not None, report.diagnostics
        assert not report.diagnostics
        assert ours(reading.main) == theirs.file(name)


def test_structure_of_what_is_installed_equals_protocs() -> None:
    roots = [proto_oracle.WELL_KNOWN, proto_oracle.COMMON]
    names = [name for _, name in installed()]
    assert len(names) > 70

    compare(roots, names)


def test_structure_of_every_syntax_equals_protocs(tmp_path: Path) -> None:
    compare([own_folder(tmp_path)], [path.name for path in OWN])


@pytest.mark.slow
@pytest.mark.network
def test_structure_of_a_sample_of_googles_files_equals_protocs() -> None:
    """The whole of them: ``make corpus``."""
    differ = [
        found
        for found in proto_corpus.verdicts(proto_corpus.root(), proto_corpus.sample(800))
        if found[1]
    ]

    assert differ == []


# --- mutants ------------------------------------------------------------------------------------

STRANGE = (
    '} { ; = message optional repeated required 0 1 -1 "x" foo stream [ ] ( ) . enum reserved to max '
    "99999999999 int32 1.5 option oneof extend group map < \"open é /* 19000 536870912 0x 09 'y' "
    "true inf EXPLICIT CLOSED packed lazy deprecated jstype"
).split()
QUIRKS = {"allow_alias"}
"""protoc reports an allow_alias without aliases at the line of an unrelated option."""


def mutant(text: str, rng: random.Random) -> tuple[str, str]:
    """The text with one token deleted, doubled, replaced or added; and what was done."""
    tokens = [match.span(match.lastindex or 0) for match in TOKEN.finditer(text)][:-1]
    start, end = rng.choice(tokens)
    old = text[start:end]
    others = (text[slice(*token)] for token in tokens)
    alike = [t for t in others if t[:1].isalpha() == old[:1].isalpha() and t != old]
    new = rng.choice(
        ["", f"{old} {old}", rng.choice(STRANGE), f"{rng.choice(STRANGE)} {old}"]
        + [rng.choice(alike or STRANGE) for _ in range(4)]
    )
    return text[:start] + new + text[end:], f"{old!r} -> {new!r}"


@pytest.mark.slow
def test_mutants_are_refused_as_protoc_refuses_them(tmp_path: Path) -> None:
    """Of those that protoc refuses all are refused, 99 % at a line of protoc's; no others are."""
    rng = random.Random(20)
    sources = [*OWN, *(root / name for root, name in installed()[::9])]
    missed, elsewhere, wronged, refused, accepted = [], [], [], 0, 0
    for number in range(480):
        source = sources[number % len(sources)]
        text, done = mutant(source.read_text(encoding="utf-8"), rng)
        file = tmp_path / "x.proto"
        file.write_text(text, encoding="utf-8")
        fine, lines = proto_oracle.complaints(file)
        report = Report()
        Library([tmp_path]).read(file, report)
        errors = [d for d in report.diagnostics if d.severity is Severity.ERROR]
        label = f"{source.name}: {done}: {[(d.span.line, d.message) for d in errors][:2]} {lines}"
        if fine:
            accepted += 1
            wronged += [label] if errors else []
            continue
        refused += 1
        missed += [] if errors else [label]
        if errors and lines and not lines & {d.span.line for d in errors}:
            elsewhere.append(label)

    assert refused + accepted == 480
    assert accepted >= 20
    assert missed == []
    assert wronged == []
    assert len(elsewhere) <= refused * 0.01, elsewhere


# --- bad input ----------------------------------------------------------------------------------

HEAD = b'syntax = "proto3";\n'
NOT_PROTO = {
    "nested 500 deep": (HEAD + b"message A {\n" * 500 + b"}\n" * 500, "proto-syntax", 33),
    "options nested 500 deep": (
        HEAD + b'import "google/protobuf/descriptor.proto";\nmessage A { A a = 1; }\n'
        b"extend google.protobuf.FileOptions { A o = 50001; }\noption (o) = "
        + b"{ a " * 500 + b"{}" + b"}" * 500 + b";\n",
        "proto-option-value", 5,
    ),
    "comment without end": (HEAD + b"/* what\n" * 3, "proto-syntax", 2),
    "string without end": (HEAD + b'option java_package = "a;\n', "proto-syntax", 2),
    "not UTF-8": (HEAD + b"// Gr\xfc\xdfe\n", "not-utf8", 2),
    "a NUL": (HEAD + b"message A { \x00 }\n", "nul-character", 2),
    "too large": (HEAD + b"// x\n" * (4 * 2**20), "unreadable-file", 1),
    "no brace": (HEAD + b"message A {\n", "proto-syntax", 3),
    "a number of 10000 digits": (HEAD + b"enum A { B = " + b"9" * 10000 + b"; }\n", "proto-syntax", 2),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "line"), NOT_PROTO.values(), ids=NOT_PROTO)
def test_bad_input_is_a_finding(data: bytes, code: str, line: int, tmp_path: Path) -> None:
    file = tmp_path / "x.proto"
    file.write_bytes(data)
    report = Report()
    began = time.monotonic()

    assert read(file, report) is None

    assert [(d.rule.code, d.span.line) for d in report.diagnostics] == [(code, line)]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + HEAD, HEAD.replace(b"\n", b"\r\n"), b""])
def test_marks_line_ends_and_nothing_are_read(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.proto"
    file.write_bytes(data + b"message A {\r\n  // doc\r\n  optional string a = 1;\r\n}\r\n")
    report = Report()

    api = read(file, report)

    assert api is not None
    assert not report.diagnostics
    assert api.structs[0].fields[0].meta.doc == "doc"
    assert api.structs[0].fields[0].meta.span.line == data.count(b"\n") + 3


def test_a_circle_of_imports_is_a_finding(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.proto").write_bytes(HEAD + f'import "{other}.proto";\n'.encode())
    report = Report()

    assert read(tmp_path / "a.proto", report) is None

    assert [(d.rule.code, d.span.line) for d in report.diagnostics] == [("proto-import-cycle", 2)]


def test_a_long_chain_of_imports_is_read(tmp_path: Path) -> None:
    for number in range(1200):
        text = HEAD + f'import "f{number + 1}.proto";\nmessage M{number} {{}}\n'.encode()
        (tmp_path / f"f{number}.proto").write_bytes(text)
    (tmp_path / "f1200.proto").write_bytes(HEAD)
    report = Report()

    api = read(tmp_path / "f0.proto", report)

    assert api is not None
    assert list(api.types) == ["M0"]
