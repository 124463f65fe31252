"""Definitions as .thrift that keep what it cannot say: read again, they are what they were."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from svcgen import output, pipeline, registry
from svcgen.conversion import reading, writing
from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources
from svcgen.model.dump import dump
from tests import thrift_oracle
from tests.test_thrift_reader import corpus

ROOT = Path(__file__).parent.parent
FORM = registry.formats()["thrift"]
DEFINITIONS = [
    *sorted((ROOT / "examples").glob("*/*.yaml")),
    ROOT / "tests" / "convert" / "names.yaml",
    *sorted((ROOT / "tests" / "protos").glob("*.proto")),
    ROOT / "tests" / "thrifts" / "shop.thrift",
]
TREES = [ROOT / "examples", ROOT / "tests" / "thrifts", ROOT / "tests" / "trees" / "outside"]


def written(paths: list[Path], folder: Path) -> list[writing.Module]:
    """The modules of the definitions, written as files of one folder."""
    report = Report()
    found = reading.read(reading.tree_of(paths), FORM, Sources(), report)
    assert not report.has_errors, report.diagnostics
    for file in writing.write(found, FORM):
        output.put(folder, file.path, file.content)
    return found


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name)
def test_what_is_converted_is_read_as_it_was(path: Path, tmp_path: Path) -> None:
    [module] = written([path], tmp_path)
    file = tmp_path / writing.place(module.name, FORM)
    report = Report()

    api = pipeline.read(file, report, Sources((tmp_path,)))

    assert not report.has_errors, report.diagnostics
    assert api is not None
    assert dump(api) == dump(module.api)


@pytest.mark.parametrize("path", [*DEFINITIONS, *TREES], ids=lambda path: path.name)
def test_the_compiler_accepts_what_is_written(path: Path, tmp_path: Path) -> None:
    written([path], tmp_path)

    for file in sorted(tmp_path.iterdir()):  # Debian's compiler does not know uuid
        text = re.sub(r"(?<=[ <])uuid(?=[ >,])", "string", file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")
    for file in sorted(tmp_path.iterdir()):
        verdict = thrift_oracle.judge(file)
        assert verdict.accepts, verdict.said


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.name)
def test_a_tree_is_read_as_it_was(path: Path, tmp_path: Path) -> None:
    """What one file has from another is there once, and included."""
    found = written([path], tmp_path)

    assert any(module.elsewhere for module in found)
    for module in found:
        file = tmp_path / writing.place(module.name, FORM)
        report = Report()
        api = pipeline.read(file, report, Sources((tmp_path,)))
        assert not report.diagnostics
        assert api is not None
        assert dump(api) | {"origins": {}} == dump(module.api) | {"origins": {}}
        assert {*api.origins} == {*module.api.origins}


def test_a_definition_of_another_thrift_gives_the_thrift_again(tmp_path: Path) -> None:
    """Through the definition language and back: every name, number and word of presence."""
    [module] = written([ROOT / "tests" / "thrifts" / "shop.thrift"], tmp_path)
    yaml = registry.formats()["yaml"]
    [file] = writing.write([module], yaml)
    output.put(tmp_path, file.path, file.content)
    report = Report()

    api = pipeline.read(tmp_path / file.path, report)

    assert not report.has_errors, report.diagnostics
    assert api is not None
    assert dump(api)["types"] == dump(module.api)["types"]
    assert dump(api)["services"] == dump(module.api)["services"]


CORPUS = ("yaml", "protobuf", "thrift", "graphql")


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.parametrize("name", CORPUS)
def test_apaches_files_come_back_from_other_forms(name: str, tmp_path: Path) -> None:
    """Every fourth of the files that the compiler accepts, into a form and back to the model."""
    form = registry.formats()[name]
    files = [f for f in corpus() if "audit" not in f.parts or f.stem in ("test", "warning")][::4]
    different, read = [], 0
    for number, file in enumerate(files):
        folder = tmp_path / str(number)
        report = Report()
        found = reading.read(reading.tree_of([file]), form, Sources(), report)
        for module in found:
            for written_file in writing.write([module], form):
                output.put(folder, written_file.path, written_file.content)
            api = pipeline.read(
                folder / writing.place(module.name, form), Report(), Sources((folder,))
            )
            assert api is not None
            read += 1
            different += [] if dump(api) == dump(module.api) else [str(file)]

    assert read >= 25
    assert different == []


FOLDERS = ROOT / "tests" / "trees" / "folders"


def there_and_back(form: Format, folder: Path, old: str = "", new: str = "") -> dict[str, str]:
    """The tree of folders in another form, where a text may change, and as .thrift again."""
    for source, to, out in ((FOLDERS, form, "there"), (folder / "there", FORM, "back")):
        read = reading.read(reading.tree_of([source]), to, Sources(), report := Report())
        assert not report.has_errors, report.diagnostics
        for file in writing.write(read, to):
            text = file.content.decode()
            output.put(folder / out, file.path, text.replace(old, new, 1).encode())
    back = folder / "back"
    for path in back.glob("*.thrift"):
        verdict = thrift_oracle.judge(path)
        assert verdict.accepts, verdict.said
    return {path.stem: path.read_text(encoding="utf-8") for path in back.glob("*.thrift")}


@pytest.mark.parametrize("name", ["yaml", "protobuf", "thrift", "graphql"])
def test_a_service_of_another_file_is_extended_again(name: str, tmp_path: Path) -> None:
    found = there_and_back(registry.formats()[name], tmp_path)

    heads = {line for text in found.values() for line in text.splitlines() if "service " in line}
    assert heads == {
        "service Base {",
        "service NearBase {",
        "service Shop extends shared_common.Base {",
        "service Shop2 extends sub_near.NearBase {",
        "service Big extends Shop {",
        "service Bigger extends sub_shop.Big {",
    }
    assert 'include "shared_common.thrift"' in found["sub_shop"]
    assert "ping" not in found["sub_shop"] + found["big"]


def test_a_service_that_no_more_has_what_it_extended_has_its_own_methods(tmp_path: Path) -> None:
    """The definition of the base was changed, and not that of what extended it."""
    yaml = registry.formats()["yaml"]
    head = "  Base:\n    methods:\n      ping: {params: "

    found = there_and_back(
        yaml, tmp_path, f"{head}{{a: {{type: int32, number: 1}}}}", f"{head}{{b: string}}"
    )

    assert "ping(1: string b)" in found["shared_common"]
    assert "ping(1: i32 a)" in found["sub_shop"]
    assert "service Shop {" in found["sub_shop"]
    assert 'svcgen.extends = "shared/common.Base"' in found["sub_shop"]


def test_types_of_one_name_in_several_files_are_no_edits(tmp_path: Path) -> None:
    found = written([ROOT / "tests" / "trees" / "same-names"], tmp_path)

    for module in found:
        report = Report()
        api = pipeline.read(tmp_path / f"{module.name}.thrift", report, Sources((tmp_path,)))
        assert api is not None
        assert not report.diagnostics
        assert dump(api)["types"].keys() == dump(module.api)["types"].keys()
