"""What the user sees of a finding: text with a caret, JSON, GitHub annotations."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcgen import reporting
from svcgen.diagnostics import (
    LONGEST_FACT,
    RULES,
    Diagnostic,
    Report,
    Rule,
    Severity,
    Span,
    did_you_mean,
)


def rule(code: str = "test", severity: Severity = Severity.ERROR) -> Rule:
    """A rule that is not registered, so that the tests of all rules do not see it."""
    made = Rule(f"{code}-of-tests", "{what} is wrong", "mend {what}", "Because.", "", severity)
    del RULES[made.code]
    return made


def found(span: Span, message: str = "it is wrong", fix: str = "mend it") -> Diagnostic:
    return Diagnostic(rule(), span, message, fix)


def text_of(line: str, span: Span, **options: bool) -> list[str]:
    source = "\n" * (span.line - 1) + line
    return reporting.text([found(span)], lambda _: source, **options).splitlines()


def test_text_has_place_line_caret_and_fix() -> None:
    assert text_of("  sum: int33", Span.at("a.yaml", 12, 8, 5)) == [
        "a.yaml:12:8: error[test-of-tests]: it is wrong",
        "12 |   sum: int33",
        "   |        ^^^^^",
        "fix: mend it",
    ]


@pytest.mark.parametrize(
    ("line", "column", "length", "shown", "caret"),
    [
        ("a\tb: c", 6, 1, "a    b: c", "        ^"),
        ("日本: x", 5, 1, "日本: x", "      ^"),
        ("日本: x", 1, 2, "日本: x", "^^^^"),
        ("e\u0301: x", 5, 1, "e\u0301: x", "   ^"),
        ("\x1b[31mred\x07\x7f", 1, 3, "␛[31mred␇␡", "^^^"),
        ("\u202eabc\u200b", 2, 3, "�abc�", " ^^^"),
        ("short", 40, 3, "short", "     ^"),
        (
            "x" * 1000 + "!" + "y" * 1000,
            1001,
            1,
            "…" + "x" * 33 + "!" + "y" * 66 + "…",
            " " * 34 + "^",
        ),
        ("x" * 1000, 1, 1000, "x" * 100 + "…", "^" * 100),
    ],
)
def test_line_and_caret_stay_aligned_and_harmless(
    line: str, column: int, length: int, shown: str, caret: str
) -> None:
    assert text_of(line, Span.at("a.yaml", 1, column, length))[1:3] == [
        f"1 | {shown}",
        f"  | {caret}",
    ]


def test_span_over_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    span = Span("a.yaml", 1, 3, 4, 2)

    assert text_of("a: {b: c,", span)[2] == "  |   ^^^^^^^"


@pytest.mark.parametrize("line", ["", "   "])
def test_blank_line_is_not_shown(line: str) -> None:
    assert text_of(line, Span.at("a.yaml", 1, 1))[1:] == ["fix: mend it"]


def test_file_that_cannot_be_read_is_not_shown(tmp_path: object) -> None:
    for file in (str(tmp_path), f"{tmp_path}/none.yaml", "nul\0name"):
        assert len(reporting.text([found(Span.at(file))]).splitlines()) == 2


def test_hostile_message_and_file_name_are_harmless() -> None:
    diagnostic = found(Span.at("a\x1b[2J\n.yaml"), "said \x1b]0;evil\x07\nthen", "do \u202e it")

    text = reporting.text([diagnostic], lambda _: "")

    assert text == "a␛[2J␊.yaml:1:1: error[test-of-tests]: said ␛]0;evil␇␊then\nfix: do � it\n"


@given(st.text(), st.integers(1, 300), st.integers(1, 300))
def test_nothing_but_printable_text_reaches_the_terminal(
    line: str, column: int, length: int
) -> None:
    text = reporting.text([found(Span.at("a.yaml", 1, column, length), line, line)], lambda _: line)

    assert all(char.isprintable() or char == "\n" for char in text)
    assert max(map(len, text.splitlines())) < 4 * 300 + 500


def test_color_only_when_asked() -> None:
    span = Span.at("a.yaml", 1, 1, 3)

    assert "\x1b" not in "".join(text_of("abc", span))
    assert text_of("abc", span, color=True)[2] == "  | \x1b[31m^^^\x1b[0m"
    assert [
        re.sub(r"\x1b\[[0-9;]*m", "", line) for line in text_of("abc", span, color=True)
    ] == text_of("abc", span)


def test_json_is_a_list_of_objects() -> None:
    assert json.loads(reporting.as_json([found(Span("a.yaml", 1, 2, 3, 4))])) == [
        {
            "code": "test-of-tests",
            "severity": "error",
            "message": "it is wrong",
            "fix": "mend it",
            "file": "a.yaml",
            "line": 1,
            "column": 2,
            "endLine": 3,
            "endColumn": 4,
        }
    ]
    assert reporting.as_json([]) == "[]\n"


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")],
)
def test_github_annotation_is_one_escaped_line(severity: Severity, command: str) -> None:
    diagnostic = Diagnostic(
        rule("hub", severity), Span.at("a,b:c%.yaml", 3, 5, 2), "100%\r\n::x", "y"
    )

    assert reporting.github([diagnostic]) == (
        f"::{command} file=a%2Cb%3Ac%25.yaml,line=3,col=5,endLine=3,endColumn=7,"
        "title=svcgen hub-of-tests::100%25%0D%0A::x%0Afix: y\n"
    )


def test_summary_counts_by_severity() -> None:
    here = Span.at("a.yaml")
    many = [Diagnostic(rule("s", severity), here, "m", "f") for severity in Severity]

    assert reporting.summary([]) == ""
    assert reporting.summary([many[0], *many]) == "2 errors, 1 warning, 1 note"


def test_report_is_sorted_counts_the_same_once_and_knows_its_errors() -> None:
    report, error, warning = Report(), rule("b"), rule("a", Severity.WARNING)
    report.add(warning, Span.at("a.yaml", 10), what="x")

    assert not report.has_errors

    for line in (10, 2, 2):
        report.add(error, Span.at("a.yaml", line), what="x")

    assert report.has_errors
    assert [(d.span.line, d.rule.code) for d in report.diagnostics] == [
        (2, "b-of-tests"),
        (10, "a-of-tests"),
        (10, "b-of-tests"),
    ]


def test_long_words_are_cut_and_braces_stay_as_they_are() -> None:
    report = Report()
    report.add(rule(), Span.at("a.yaml"), what="{what}" + "x" * 1000)

    [diagnostic] = report.diagnostics
    assert diagnostic.message == "{what}" + "x" * (LONGEST_FACT - 7) + "… is wrong"


def test_two_rules_cannot_share_a_code() -> None:
    with pytest.raises(ValueError, match="two rules"):
        Rule(next(iter(RULES)), "", "", "", "")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("int33", ", did you mean 'int32'?"),
        ("strng", ", did you mean 'string'?"),
        ("entirely", ""),
        ("", ""),
        ("int" * 1000, ""),
    ],
)
def test_near_misses(word: str, expected: str) -> None:
    assert did_you_mean(word, ("string", "int32", "uuid")) == expected
