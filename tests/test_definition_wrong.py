"""Definitions that are wrong: each finding at its place, all of them in one run, in bounded time.

What is hostile is either refused or read as the harmless text that it is; nothing ever raises.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcgen import checks, reporting
from svcgen.diagnostics import Report
from svcgen.formats.neutral.reader import read
from svcgen.formats.source import MAX_BYTES
from svcgen.model.service import Api

DEFINITIONS = Path(__file__).parent / "definitions"
HEAD = "svcgen: 1\n"


def read_text(folder: Path, text: str | bytes) -> tuple[Api | None, list[str]]:
    """What a definition reads as, and each finding as ``line:column code``."""
    path = folder / "service.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = Report()
    api = read(path, report)
    return api, [f"{d.span.line}:{d.span.column} {d.rule.code}" for d in report.diagnostics]


def method(body: str) -> str:
    return HEAD + "services: {S: {methods: {m: {" + body + "}}}}\n"


def field(type_: str) -> str:
    return HEAD + f"types: {{A: {{x: '{type_}'}}}}\n"


UNREADABLE = {
    "nothing but a word": ("hello", "1:1 wrong-kind"),
    "a list": ("- svcgen: 1\n", "1:1 wrong-kind"),
    "NUL": (b"svcgen: 1\npackage: a\0b\n", "2:11 nul-character"),
    "Latin-1": (b"svcgen: 1\n# Gr\xfc\xdfe\n", "2:5 not-utf8"),
    "UTF-16": ("svcgen: 1\n".encode("utf-16"), "1:1 not-utf8"),
    "a control character": (b"svcgen: 1\ndoc: a\x07b\n", "2:7 control-character"),
    "an isolate": (HEAD + "doc: a\u2066b\n", "2:7 control-character"),
    "a line separator": (HEAD + "doc: a\u2028b\n", "2:7 control-character"),
    "a tab for indentation": (HEAD + "types:\n\tA: int32\n", "3:1 yaml-syntax"),
    "an open bracket": (HEAD + "types: {A: [\n", "3:1 yaml-syntax"),
    "10,000 open brackets": ("a: " + "[" * 10_000, "1:67 yaml-too-deep"),
    "10,000 open braces": ("{a: " * 10_000, "1:257 yaml-too-deep"),
    "10,000 dashes": ("- " * 10_000 + "a", "1:129 yaml-too-deep"),
    "a bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "1:4 yaml-feature"),
    "an alias": ("a: *b\n", "1:4 yaml-feature"),
    "a tag": ("svcgen: !!python/object/apply:os.system [ls]\n", "1:9 yaml-feature"),
    "a merge key": (HEAD + "types: {A: {<<: {x: int32}}}\n", "2:13 yaml-feature"),
    "two documents": (HEAD + "---\n" + HEAD, "2:1 yaml-feature"),
    "a directive": ("%YAML 1.2\n---\n" + HEAD, "1:1 yaml-feature"),
    "a key that is a list": (HEAD + "? [a, b]\n: c\n", "2:3 yaml-feature"),
    "a missing import": (HEAD + "imports: [nowhere.yaml]\n", "2:11 unreadable-file"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_one_finding_and_no_model(name: str, tmp_path: Path) -> None:
    text, finding = UNREADABLE[name]

    assert read_text(tmp_path, text) == (None, [finding])


WRONG = {
    "nothing": ("", ["1:1 missing-key"]),
    "an old version": ("svcgen: 0\n", ["1:9 wrong-kind"]),
    "a quoted version": ("svcgen: '1'\n", ["1:9 wrong-kind"]),
    "a package with a path": (HEAD + "package: ../../etc\n", ["2:10 invalid-package"]),
    "an absolute import": (HEAD + "imports: [/etc/passwd]\n", ["2:11 absolute-import"]),
    "an imported folder": (HEAD + "imports: [.]\n", ["2:11 imported-format"]),
    "an import of itself": (HEAD + "imports: [service.yaml]\n", ["2:11 import-cycle"]),
    "a NUL in an import": (HEAD + 'imports: ["a\\0b"]\n', ["2:11 absolute-import"]),
    "an escaped bell": (HEAD + 'doc: "a\\ab"\n', ["2:6 control-character"]),
    "an escaped override of direction": (HEAD + 'doc: "a\\u202eb"\n', ["2:6 control-character"]),
    "an import of no definition": (
        HEAD + "imports: [../../etc/passwd]\n",
        ["2:11 imported-format"],
    ),
    "any too large": (
        HEAD + "types: {A: {x: {type: any, default: 1e400}}}\n",
        ["2:37 number-too-large"],
    ),
    "an example of 500 digits": (
        HEAD + "types: {A: {x: {type: any, example: [" + "9" * 500 + "]}}}\n",
        ["2:38 number-too-large"],
    ),
    "equal keys": (HEAD + "types: {A: {x: int32, x: int32}}\n", ["2:23 duplicate-key"]),
    "no as a boolean": (method("readonly: no"), ["2:40 wrong-kind"]),
    "an octal number": (method("number: 012"), ["2:38 wrong-kind"]),
    "a huge number": (method("number: " + "9" * 10_000), ["2:38 wrong-kind"]),
    "a type left open": (field("list<int32"), ["2:27 type-syntax"]),
    "a type closed twice": (field("list<int32>>"), ["2:28 type-syntax"]),
    "a map of one type": (field("map<string>"), ["2:27 type-syntax"]),
    "two types": (field("int32 string"), ["2:23 type-syntax"]),
    "nullable twice": (field("int32|null|null"), ["2:27 type-syntax"]),
    "no type": (field(""), ["2:17 type-syntax"]),
    "a stream in a field": (field("stream int32"), ["2:24 type-syntax"]),
    "an optional item": (field("list<int32?>"), ["2:27 type-syntax"]),
    "a generic": (field("Page<int32>"), ["2:17 type-syntax"]),
    "5,000 nested lists": (field("list<" * 5_000), ["2:181 type-syntax"]),
    "a code in a type": (field("${x}"), ["2:17 type-syntax"]),
    "two inputs": (method("params: {a: int32}, input: int32"), ["2:50 conflicting-keys"]),
    "no path": (method("http: POST"), ["2:36 http-syntax"]),
    "a query in a path": (method("http: POST /a?b=c"), ["2:36 http-syntax"]),
    "an unknown verb": (method("http: FETCH /a"), ["2:36 wrong-word"]),
    "a failure as success": (method("bind: {http: {status: 500}}"), ["2:52 wrong-kind"]),
    "a header of two lines": (
        method('bind: {http: {header: {a: "b\\r\\nc"}}}'),
        ["2:56 wrong-kind"],
    ),
    "a deadline of nothing": (method("deadline: 0s"), ["2:40 wrong-kind"]),
    "a deadline in days": (method("deadline: 1d"), ["2:40 wrong-kind"]),
    "nobody may call": (method("auth: []"), ["2:36 wrong-kind"]),
    "an unknown scheme": (method("auth: basic"), ["2:36 wrong-word"]),
    "null as a container": (HEAD + "json:\n", ["2:6 wrong-kind"]),
    "a URL that is none": (HEAD + "servers: {a: example.com}\n", ["2:14 wrong-kind"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found_where_it_is(name: str, tmp_path: Path) -> None:
    text, findings = WRONG[name]

    assert read_text(tmp_path, text)[1] == findings


def test_all_findings_come_in_one_run(tmp_path: Path) -> None:
    text = (
        "svcgen: 2\nfoo: 1\ntypes:\n  A: {x: list<, y: {typ: int32}}\n  1B: int32\n"
        "errors: {E: broken}\nservices:\n  S: {methods: {m: {retruns: int32}}, mixins: [T]}\n"
    )

    assert read_text(tmp_path, text)[1] == [
        "1:9 unsupported-version",
        "2:1 unknown-key",
        "4:15 type-syntax",
        "4:17 missing-key",
        "4:21 unknown-key",
        "5:3 invalid-name",
        "6:13 wrong-word",
        "8:21 unknown-key",
        "8:48 unknown-mixin",
    ]


HOSTILE = [
    "../../etc/passwd",
    '"; import os',
    "{{ 7*7 }}",
    "*/",
    '"""',
    "${x}",
    "a\nb",
    "",
    " ",
    "a" * 256,
    "1a",
    "a-b",
    "a.b",
    "<<",
    "\\u202e",
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "place",
    [
        "types: {%s: {x: int32}}",
        "types: {A: {%s: int32}}",
        "types: {A: {enum: [%s]}}",
        "types: {A: {enum: {%s: 1}}}",
        "types: {A: {union: [%s]}}",
        "types: {A: {fields: {x: {type: int32, renamed_from: %s}}}}",
        "errors: {%s: internal}",
        "services: {%s: {methods: {m: }}}",
        "services: {S: {methods: {%s: }}}",
        "services: {S: {events: {%s: int32}}}",
        "constants: {%s: 1}",
        "servers: {%s: grpc://a:1}",
    ],
)
def test_a_name_that_is_none_is_a_finding(name: str, place: str, tmp_path: Path) -> None:
    quoted = '"' + name.replace('"', '\\"').replace("\n", "\\n") + '"'
    quoted = "'<<'" if name == "<<" else quoted

    findings = read_text(tmp_path, HEAD + place.replace("%s", quoted) + "\n")[1]

    assert [finding.split()[1] for finding in findings] == ["invalid-name"]


@pytest.mark.parametrize(
    "name", ["self", "None", "type", "float", "__init__", "x", "_", "größe", "名前", "b" * 200]
)
def test_a_name_that_some_language_reserves_is_fine(name: str, tmp_path: Path) -> None:
    text = f"types:\n  {name}: {{{name}: int32}}\nservices: {{S: {{methods: {{{name}: }}}}}}\n"

    api, findings = read_text(tmp_path, HEAD + text)

    assert findings == []
    assert api is not None
    assert list(api.types) == [name]


def test_a_directory_a_pipe_and_a_missing_file_are_findings(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for name in (".", "pipe.yaml", "missing.yaml"):
        report = Report()

        assert read(tmp_path / name, report) is None
        assert [d.rule.code for d in report.diagnostics] == ["unreadable-file"]


def test_50_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "service.yaml"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    report = Report()

    assert read(path, report) is None
    assert f"more than {MAX_BYTES}" in report.diagnostics[0].message


def test_a_circle_of_imports_is_named_whole(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.yaml").write_text(HEAD + f"imports: [{other}.yaml]\n")
    report = Report()

    read(tmp_path / "a.yaml", report)

    (finding,) = report.diagnostics
    assert finding.rule.code == "import-cycle"
    assert finding.message.count("->") == 3
    assert finding.span.file.endswith("c.yaml")


@pytest.mark.parametrize("text", ["hunter2\n", "[hunter2", "password: hunter2\n", b"hunter2\xff"])
def test_nothing_is_shown_of_a_file_elsewhere_that_is_no_definition(
    text: str | bytes, tmp_path: Path
) -> None:
    """Under a name that only looks like a definition: a symbolic link."""
    secret, folder = tmp_path / "secret", tmp_path / "mine"
    folder.mkdir()
    secret.write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "common.yaml").symlink_to(secret)
    (folder / "service.yaml").write_text(HEAD + "imports: [common.yaml]\n")
    report = Report()

    read(folder / "service.yaml", report)

    shown = reporting.text(report.diagnostics)
    assert [d.rule.code for d in report.diagnostics] == ["foreign-import"]
    assert "service.yaml:2:11" in shown
    assert "hunter2" not in shown


def test_a_path_is_told_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "service.yaml"
    path.write_text(method("""bind: {http: {method: GET, path: '/x/\"\"\"'}}"""))
    report = Report()

    read(path, report)

    assert "a slash, then letters, digits and any of /{}-._~" in report.diagnostics[0].message


def test_a_name_declared_in_two_files_is_a_finding_that_names_both(tmp_path: Path) -> None:
    (tmp_path / "common.yaml").write_text(HEAD + "types: {A: int32}\n")
    (tmp_path / "service.yaml").write_text(HEAD + "imports: [common.yaml]\nerrors: {A: internal}\n")
    report = Report()

    read(tmp_path / "service.yaml", report)

    (finding,) = report.diagnostics
    assert (finding.span.line, finding.rule.code) == (3, "duplicate-name")
    assert "common.yaml:2:9" in finding.message


def test_a_chain_of_mixins_may_be_long(tmp_path: Path) -> None:
    links = "".join(
        f"  T{i}: {{mixins: [T{i + 1}], fields: {{f{i}: int32}}}}\n" for i in range(400)
    )

    api, findings = read_text(tmp_path, HEAD + "types:\n" + links + "  T400: {x: int32}\n")

    assert findings == []
    assert api is not None
    assert len(api.structs[0].fields) == 401


def test_crlf_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = (DEFINITIONS / "calculator.yaml").read_bytes()
    plain = read_text(tmp_path, text)

    assert read_text(tmp_path, b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")) == plain
    assert read_text(tmp_path, text.replace(b"\n", b"\r")) == plain


PIECES = (
    "svcgen types errors services methods fields enum union alias type input output stream"
    " resource params mixins imports bind http list< > map< , | null ? 1 -1 0x1F 1e9 true"
    " ~ & * ! <<: - [ ] { } ' \" : # % @ ` int32 User ../x /a/{b} \u2028 \x00 \x07 é 名 \t"
)
WORDS = st.sampled_from(PIECES.split(" "))
TEXTS = st.one_of(WORDS, st.text(max_size=20))
SEEDS = [path.read_text(encoding="utf-8") for path in sorted(DEFINITIONS.glob("*.yaml"))]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good definition in which a few stretches are replaced, removed, repeated or moved."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        middle = draw(st.one_of(TEXTS, st.just(text[start:end] * 2), st.just("")))
        text = text[:start] + middle + text[end:]
    return text


@given(mutated())
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_mutant_of_a_definition_raises(tmp_path: Path, text: str) -> None:
    api, findings = read_text(tmp_path, text.encode("utf-8", "replace"))

    assert api is not None or findings
    if api is not None:
        checks.check(api, Report())


def test_what_is_large_takes_no_stack(tmp_path: Path) -> None:
    """In a thread of 256 KiB, so that recursion over the input would not go unseen."""
    text = HEAD + "types:\n" + "".join(f"  T{i}: {{a: list<T{i}>}}\n" for i in range(2_000))
    found: list[object] = []
    size = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=lambda: found.append(read_text(tmp_path, text)[1]))
        thread.start()
        thread.join(60)
    finally:
        threading.stack_size(size)

    assert found == [[]]
