"""Documents that carry a definition: it is read from them, and from no others, and never wrongly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import lxml.etree as xml
import pytest
import yaml

from svcgen import checks, output, pipeline, registry, reporting
from svcgen.conversion import converting, reading, writing
from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources
from svcgen.model.dump import dump
from svcgen.model.service import Api
from tests import schemas
from tests.random_definitions import Definition

DOCUMENTS = [form for form in registry.formats().values() if form.whole]
OF_KEYS = [form for form in DOCUMENTS if form.roots]
"""Those that are YAML or JSON."""

each_form = pytest.mark.parametrize("form", DOCUMENTS, ids=lambda form: form.word)
each_form_of_keys = pytest.mark.parametrize("form", OF_KEYS, ids=lambda form: form.word)


def document(form: Format, folder: Path, api: Api | None = None) -> Path:
    """A definition, of an example unless given, as a document."""
    module = writing.Module("shop", api or schemas.example("kitchen-sink"))
    [file] = writing.write([module], form)
    output.put(folder, file.path, file.content)
    return folder / file.path


def read(path: Path) -> tuple[Api | None, Report]:
    report = Report()
    api = pipeline.read(path, report)
    if api is not None and not report.has_errors:
        checks.check(api, report)
    return api, report


def found(path: Path) -> list[str]:
    """The findings in a document, each of which is at a place of it."""
    report = read(path)[1]
    lines = path.read_text(encoding="utf-8").split("\n")
    for each in report.diagnostics:
        assert each.span.file.partition("#")[0] == str(path)
        assert "#" in each.span.file or each.span.line <= len(lines)
    return [f"{d.rule.code}:{d.span.line}" for d in report.diagnostics]


@each_form
def test_somebody_elses_document_is_refused_in_one_sentence(form: Format, tmp_path: Path) -> None:
    path = document(form, tmp_path)
    converted = converting.convert(reading.tree_of([path]), form, Sources(), Report(), plain=True)
    foreign = tmp_path / f"foreign{path.suffix}"
    foreign.write_bytes(converted.files[0].content)

    api, report = read(foreign)

    assert api is None
    assert [d.rule.code for d in report.diagnostics] == ["document-foreign"]
    assert form.title in report.diagnostics[0].message


@pytest.mark.parametrize(
    "text",
    [
        'swagger: "2.0"\ninfo: &i {title: x}\nx: *i\n',
        "openapi: 3.0.0\nbad: [\n",
        '{"info": {}, "openapi": "3.1.0", "paths": {"/": {"svcgen": 1}}}',
        '\n{\n\t"openapi": "3.1.0",\n\t"info": {"title": "\\ud83d\\ude00"}}',
        "# of others\n'openapi' : 3.1.0\n",
    ],
)
def test_it_is_known_by_a_key_however_it_is_written(text: str, tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text, encoding="utf-8")

    assert found(path) == ["document-foreign:1"]


def test_json_without_such_a_key_is_in_no_form(tmp_path: Path) -> None:
    path = tmp_path / "package.json"
    path.write_text('{"name": "x"}', encoding="utf-8")

    assert found(path) == ["unknown-format:1"]


EDITS = {
    ".yaml": ("\ninfo:\n", "\ninfo:\n  x-more: 1\n"),
    ".json": (' "info": {', ' "info": {"x-more": 1,'),
    ".wsdl": ("</wsdl:service>\n</", "</wsdl:service><more/>\n</"),
}
"""A text of a document, by the end of the file's name, and what somebody makes of it."""


@each_form
def test_an_edited_document_is_refused(form: Format, tmp_path: Path) -> None:
    path = document(form, tmp_path)
    text, (old, new) = path.read_text(encoding="utf-8"), EDITS[form.suffixes[0][-5:]]
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")

    api, report = read(path)

    assert api is None
    [diagnostic] = report.diagnostics
    assert diagnostic.rule.code == "document-edited"
    shown = reporting.text(report.diagnostics)
    assert "of" in shown.split("\n")[1]


@each_form_of_keys
def test_without_the_mark_the_definition_is_read_all_the_same(form: Format, tmp_path: Path) -> None:
    path = document(form, tmp_path)
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    values["info"]["title"] = "another"
    del values["x-svcgen"]["of"]
    path.write_text(json.dumps(values), encoding="utf-8")

    api, report = read(path)

    assert not report.diagnostics
    assert api is not None
    assert dump(api) == dump(schemas.example("kitchen-sink"))


@pytest.mark.parametrize("written", ["yaml", "sorted", "json", "lines"])
@each_form_of_keys
def test_the_layout_of_a_document_is_free(form: Format, written: str, tmp_path: Path) -> None:
    path = document(form, tmp_path)
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    layouts = {
        "yaml": yaml.safe_dump(values, sort_keys=False, allow_unicode=True),
        "sorted": "# by hand\n" + yaml.safe_dump(values),
        "json": json.dumps(values, sort_keys=True),
        "lines": json.dumps(values, indent=4, ensure_ascii=False),
    }
    other = tmp_path / f"other{'.json' if written in ('json', 'lines') else '.yml'}"
    other.write_text(layouts[written], encoding="utf-8")

    api, report = read(other)

    assert not report.diagnostics
    assert api is not None
    assert dump(api) == dump(schemas.example("kitchen-sink"))


def test_the_layout_of_a_wsdl_is_free(tmp_path: Path) -> None:
    path = document(registry.formats()["wsdl"], tmp_path)
    root = xml.fromstring(path.read_bytes(), xml.XMLParser(remove_blank_text=True))
    root.insert(0, xml.Comment("by hand"))
    path.write_bytes(xml.tostring(root, xml_declaration=True, encoding="UTF-8"))

    api, report = read(path)

    assert not report.diagnostics
    assert api is not None
    assert dump(api) == dump(schemas.example("kitchen-sink"))


@each_form
def test_a_fault_in_the_carried_definition_is_shown_where_it_is(
    form: Format, tmp_path: Path
) -> None:
    path = document(form, tmp_path)
    text = path.read_text(encoding="utf-8")
    before, _, carried = text.partition("svcgen: 1")
    if form.name == "asyncapi":
        assert "list<Shape>" in carried
    broken = carried.replace("list<Shape>", "list<Shope>", 1).replace(
        "list&lt;Shape&gt;", "list&lt;Shope&gt;", 1
    )
    path.write_text(before + "svcgen: 1" + broken, encoding="utf-8")

    _, report = read(path)

    [diagnostic] = report.diagnostics
    assert diagnostic.rule.code == "unknown-type"
    assert "Shope" in path.read_text(encoding="utf-8").split("\n")[diagnostic.span.line - 1]
    if form.name != "wsdl":  # where < is four characters
        caret = reporting.text([diagnostic]).split("\n")
        assert caret[1][caret[2].index("^") :].startswith("Shope")


HOSTILE: dict[str, Any] = {
    "no text": {"definition": 1.5},
    "nothing": None,
    "a list": [1],
    "a mapping": {"definition": {"svcgen": 1}},
    "no definition": {"definition": "hello"},
    "a list of lists": {"definition": [["svcgen: 1"]]},
    "an empty list": {"definition": []},
    "an empty text": {"definition": ""},
    "broken YAML": {"definition": "svcgen: 1\ntypes: {A: {x: int32\n"},
    "broken lines": {"definition": ["svcgen: 1", "types: {A: {x: int32"]},
    "another language": {"definition": "svcgen: 2\n"},
    "an import": {"definition": "svcgen: 1\nimports: [/etc/passwd.yaml]\n"},
    "a document": {"definition": "openapi: 3.1.0\n"},
    "more keys": {"definition": "svcgen: 1\n", "nested": {"x-svcgen": {}}},
    "a mark that is a list": {"definition": "svcgen: 1\n", "of": []},
    "an anchor": {"definition": "svcgen: 1\nx-a: &a 1\n"},
    "depth": {"definition": "svcgen: 1\nx-a: " + "[" * 10_000},
    "many lines": {"definition": "svcgen: 1\n" + "types:\n" * 20_000},
    "a control character": {"definition": "svcgen: 1\nx-a: \x07\n"},
}


@pytest.mark.parametrize("carried", HOSTILE.values(), ids=HOSTILE)
@each_form_of_keys
def test_hostile_keys_are_findings(form: Format, carried: object, tmp_path: Path) -> None:
    path = tmp_path / f"hostile{form.suffixes[0]}"
    values = {form.roots[0]: "3.1.0", "x-svcgen": carried}
    for text in (json.dumps(values), json.dumps(values, indent=1), yaml.safe_dump(values)):
        path.write_text(text, encoding="utf-8")
        assert found(path)


OWN = '<svc:x-svcgen xmlns:svc="urn:svcgen:facts">{}</svc:x-svcgen>'
WSDL: dict[str, str] = {
    "no text": OWN.format(""),
    "two": OWN.format("svcgen: 1") * 2,
    "elements": OWN.format("svcgen: 1<a>types: {}</a>"),
    "no definition": OWN.format("hello"),
    "broken YAML": OWN.format("svcgen: 1\ntypes: {A: {x: int32\n"),
    "nested": OWN.format(OWN.format("svcgen: 1")),
    "another place": f"<a>{OWN.format('svcgen: 1')}</a>",
    "another namespace": "<x-svcgen>svcgen: 1</x-svcgen>",
    "more attributes": OWN.format("svcgen: 1").replace("x-svcgen x", "x-svcgen at='1' x", 1),
    "not closed": OWN.format("svcgen: 1") + "<a>",
    "a wrong mark": OWN.format("svcgen: 1").replace("x-svcgen x", "x-svcgen of='h0' x", 1),
    "no end": "<a>" * 100_000 + OWN.format("svcgen: 1"),
}


@pytest.mark.parametrize("inside", WSDL.values(), ids=WSDL)
def test_hostile_elements_are_findings(inside: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.wsdl"
    path.write_text(f'<d xmlns="urn:x">{inside}</d>', encoding="utf-8")

    assert found(path)


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a "aaaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">', ""]
)
def test_no_wsdl_has_a_document_type(entity: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.wsdl"
    path.write_text(f"<!DOCTYPE d [{entity}]>\n<d>{OWN.format('svcgen: 1')}</d>", encoding="utf-8")

    assert found(path) == ["xml-syntax:1"]


@each_form
def test_an_annotation_of_the_same_name_is_no_trouble(form: Format, tmp_path: Path) -> None:
    api = schemas.made_of("x-svcgen: {a: 1}\ntypes: {A: {fields: {}, x-svcgen: [2]}}\n", tmp_path)

    back, report = read(document(form, tmp_path, api))

    assert not report.diagnostics
    assert back is not None
    assert dump(back) == dump(api)


@pytest.mark.parametrize("seed", range(15))
@each_form
def test_definitions_made_at_random_come_back(form: Format, seed: int, tmp_path: Path) -> None:
    api = schemas.made_of(Definition(seed).text.removeprefix("svcgen: 1\n"), tmp_path)

    back, report = read(document(form, tmp_path, api))

    assert not report.has_errors, report.diagnostics
    assert back is not None
    assert dump(back) == dump(api)
