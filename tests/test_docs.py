"""``docs/definition.md`` is true: its examples run, its tables list every key and no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from svcgen import checks
from svcgen.diagnostics import Report
from svcgen.formats.neutral import keys
from svcgen.formats.neutral.reader import read

PAGE = (Path(__file__).parent.parent / "docs" / "definition.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Example:
    line: int
    wrong: str  # the code of the finding that it shows, empty if there is none
    text: str

    @property
    def file(self) -> str:
        """A block that begins with a comment naming a file can be imported under that name."""
        named = re.match(r"# (\w+\.yaml)\n", self.text)
        return named[1] if named else "service.yaml"

    @property
    def definition(self) -> str:
        return self.text if "svcgen: 1" in self.text else "svcgen: 1\n" + self.text


EXAMPLES = [
    Example(PAGE[: m.start()].count("\n") + 1, m[1] or "", m[2])
    for m in re.finditer(r"^```yaml(?: wrong=([a-z-]+))?\n(.*?)^```$", PAGE, re.M | re.S)
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"line-{e.line}")
def test_an_example_is_read_without_a_finding_or_with_the_one_it_shows(
    example: Example, tmp_path: Path
) -> None:
    for each in (*EXAMPLES, example):
        (tmp_path / each.file).write_text(each.definition, encoding="utf-8")
    report = Report()

    api = read(tmp_path / example.file, report)
    assert api is not None
    checks.check(api, report)

    found = {diagnostic.rule.code: str(diagnostic.span) for diagnostic in report.diagnostics}
    assert set(found) == {example.wrong} - {""}, found


def tables() -> dict[str, tuple[set[str], list[str]]]:
    """The keys of each table, and the names of the tables that it includes."""
    found = {}
    for name, parts, table in re.findall(
        r"<!-- keys: (\w+)(?: = own \+ ([\w +]+))? -->\n\n((?:\|.*\n)+)", PAGE
    ):
        cells = [row.split("|")[1] for row in table.splitlines()[2:]]
        listed = {key for cell in cells for key in re.findall(r"`([^`]+)`", cell)}
        found[name] = listed, parts.split(" + ") if parts else []
    return found


@pytest.mark.parametrize("name", [*keys.OBJECTS, "meta", "constraints"])
def test_a_table_lists_exactly_the_keys_that_the_reader_takes(name: str) -> None:
    listed, parts = tables()[name]
    taken = {**keys.OBJECTS, "meta": keys.META, "constraints": keys.CONSTRAINTS}[name]

    assert listed.union(*(tables()[part][0] for part in parts)) == set(taken)
