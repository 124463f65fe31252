"""Each construct in each form, and that what was converted comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from svcgen import output, pipeline, registry
from svcgen.conversion import converting, losses, reading, writing
from svcgen.conversion.constructs import CONSTRUCTS, Construct
from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources
from svcgen.formats.fidelity import Said, Verdict
from svcgen.formats.neutral.choosing import choose
from svcgen.model.dump import dump
from svcgen.model.service import Api
from tests import corpus

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "convert"
FORMS = {form.word: form for form in registry.formats().values() if form.write is not None}
READ = [form for form in FORMS.values() if form.read is not None]
WHOLE = [form for form in READ if form.whole]
CARRIERS = [form for form in READ if not form.complete and not form.whole]
EXAMPLES = sorted((ROOT / "examples").glob("*/*.yaml"))
SOURCES = [
    *EXAMPLES,
    CASES / "names.yaml",
    *sorted((ROOT / "tests" / "protos").glob("*.proto")),
    *sorted((ROOT / "tests" / "frontends" / "proto").glob("*.proto")),
    ROOT / "tests" / "thrifts" / "shop.thrift",
    ROOT / "tests" / "schemas" / "library.graphql",
    ROOT / "tests" / "frontends" / "graphql" / "interfaces.graphql",
]


def module(path: Path, form: Format) -> writing.Module:
    """A definition as it is converted to a form: with numbers, if the form has them."""
    report = Report()
    read = reading.read(reading.tree_of([path]), form, Sources(), report)
    assert not report.has_errors, report.diagnostics
    return read[0]


def converted(api: Api, form: Format, folder: Path, name: str = "converted") -> tuple[Path, Api]:
    """A definition written in a form, and read from it again."""
    files = writing.write([writing.Module(name, api)], form)
    for file in files:
        output.put(folder, file.path, file.content)
    path = folder / files[0].path
    report = Report()
    back = pipeline.read(path, report, Sources(include=(folder,)))
    assert back is not None
    assert not report.has_errors, report.diagnostics
    return path, back


@pytest.mark.parametrize("form", READ, ids=lambda form: form.word)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_definition_comes_back(source: Path, form: Format, tmp_path: Path) -> None:
    api = module(source, form).api

    _, back = converted(api, form, tmp_path)

    assert dump(back) == dump(api)


@pytest.mark.parametrize("second", READ, ids=lambda form: form.word)
@pytest.mark.parametrize("first", READ, ids=lambda form: form.word)
def test_it_comes_back_through_any_two_forms(first: Format, second: Format, tmp_path: Path) -> None:
    """A -> B -> A, where A is any form as well."""
    numbered = first if first.numbered else second
    for example in EXAMPLES:
        original, folder = module(example, numbered).api, tmp_path / example.stem

        _, api = converted(original, first, folder / "first")
        _, other = converted(api, second, folder / "second")
        _, back = converted(other, first, folder / "third")

        assert dump(back) == dump(original), example.stem


@pytest.mark.parametrize("form", WHOLE, ids=lambda form: form.word)
@pytest.mark.parametrize("construct", CONSTRUCTS.values(), ids=lambda c: c.code)
def test_a_construct_comes_back(construct: Construct, form: Format, tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text(construct.example, encoding="utf-8")
    api = module(path, form).api

    _, back = converted(api, form, tmp_path / "there", "sample")

    assert dump(back) == dump(api)
    assert not any(each.is_loss for each in losses.findings(api, form))


@pytest.mark.parametrize("form", CARRIERS, ids=lambda form: form.word)
@pytest.mark.parametrize("construct", CONSTRUCTS.values(), ids=lambda c: c.code)
def test_the_table_is_true(construct: Construct, form: Format, tmp_path: Path) -> None:
    """Something is carried for a definition if and only if the table says that something is kept.

    And of the construct itself it is told, by where the definition language says it.
    """
    path = tmp_path / "sample.yaml"
    path.write_text(construct.example, encoding="utf-8")
    api = module(path, form).api
    found = losses.findings(api, form)

    draft = tmp_path / "draft"
    writing.draft([writing.Module("sample", api)], form, draft)
    read = form.read
    assert read is not None
    everything = read(draft / writing.place("sample", form), Report(), Sources(include=(draft,)))
    assert everything is not None
    choice = choose(api, everything)

    said = {each.occurrence.construct: each.said.verdict for each in found}
    told = {each.occurrence.construct for each in losses.findings(api, form, choice.unsaid)}
    if any(not key.startswith("made/") for key in choice.texts):
        assert Verdict.KEPT in said.values(), choice.texts
        assert told
    else:
        assert Verdict.KEPT not in said.values(), said
    assert (construct.code in told) == (construct.code in said)


@pytest.mark.parametrize("construct", CONSTRUCTS.values(), ids=lambda c: c.code)
def test_a_construct_in_every_form(construct: Construct, refresh: bool, tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text(construct.example, encoding="utf-8")

    text = construct.example + "".join(_sections(path, construct))

    corpus.compare(text, CASES / f"{construct.code}.txt", refresh)


def _sections(path: Path, construct: Construct) -> Iterator[str]:
    """What each form makes of the construct, and the sample in those that carry originals."""
    for form in FORMS.values():
        table: Mapping[str, Said] = form.fidelity() if form.fidelity else {}
        said = table.get(construct.code)
        yield f"\n# {form.word}: " + (f"{said.verdict}: {said.how}" if said else "same")
    for form in CARRIERS:
        done = converting.convert(reading.tree_of([path]), form, Sources(), Report())
        yield f"\n\n######## {form.word}\n{done.files[0].content.decode()}"
