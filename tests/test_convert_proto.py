"""Definitions as .proto that keep what it cannot say: what others make of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from svcgen import output, pipeline, registry
from svcgen.conversion import reading, writing
from svcgen.diagnostics import Report
from svcgen.formats import Sources
from svcgen.model.dump import dump
from tests import proto_oracle
from tests.tools import node_tool

ROOT = Path(__file__).parent.parent
FORM = registry.formats()["protobuf"]
DEFINITIONS = [
    *sorted((ROOT / "examples").glob("*/*.yaml")),
    ROOT / "tests" / "convert" / "names.yaml",
    *sorted((ROOT / "tests" / "protos").glob("*.proto")),
    *sorted((ROOT / "tests" / "frontends" / "proto").glob("*.proto")),
]


def modules(paths: list[Path]) -> list[writing.Module]:
    report = Report()
    found = reading.read(reading.tree_of(paths), FORM, Sources(), report)
    assert not report.has_errors, report.diagnostics
    return found


def written(found: list[writing.Module], folder: Path) -> list[str]:
    """The paths of the files that a conversion gives, in a folder."""
    files = writing.write(found, FORM)
    for file in files:
        output.put(folder, file.path, file.content)
    return [file.path for file in files]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All definitions as .proto, each in a folder of its own with what it needs."""
    root = tmp_path_factory.mktemp("written")
    for path in DEFINITIONS:
        written(modules([path]), root / path.name.replace(".", "_"))
    return root


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name)
def test_protoc_accepts_what_is_written(path: Path, folder: Path) -> None:
    own = folder / path.name.replace(".", "_")
    names = [file.relative_to(own).as_posix() for file in own.rglob("*.proto")]

    assert proto_oracle.descriptors([own, proto_oracle.WELL_KNOWN, proto_oracle.COMMON], names)


def test_protoc_accepts_files_of_one_package_together(tmp_path: Path) -> None:
    names = written(modules([ROOT / "tests" / "trees" / "package"]), tmp_path)

    assert proto_oracle.descriptors([tmp_path, proto_oracle.WELL_KNOWN], names)


EXCEPT = ["PACKAGE_DIRECTORY_MATCH", "PACKAGE_DEFINED"]
LINT = json.dumps({"version": "v2", "lint": {"use": ["MINIMAL"], "except": EXCEPT}})
"""A single file is written where the user says, whatever its package, if it has one."""


@pytest.mark.parametrize(
    "arguments",
    [("format", "--diff", "--exclude-path", "google"), ("lint", "--config", LINT)],
    ids=("format", "lint"),
)
def test_buf_has_nothing_to_say(arguments: tuple[str, ...], folder: Path) -> None:
    buf = node_tool("buf")
    for own in sorted(folder.iterdir()):
        done = subprocess.run(
            [buf, *arguments], cwd=own, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), own.name


@pytest.mark.slow
def test_a_tree_of_googles_files_comes_back_and_is_accepted(tmp_path: Path) -> None:
    """Nested types, enums with the same values, files that import each other in one package."""
    source = tmp_path / "source"
    for name in ("api", "logging", "rpc", "type"):
        shutil.copytree(proto_oracle.COMMON / "google" / name, source / "google" / name)
    found = modules([source])
    out = tmp_path / "out"

    names = written(found, out)

    report = Report()
    sources = Sources((out,))
    for module in found:
        api = pipeline.read(out / f"{module.name}.proto", report, sources)
        assert api is not None
        assert dump(api) == dump(module.api)
    assert not report.has_errors
    assert proto_oracle.descriptors([out, proto_oracle.WELL_KNOWN], names)


EMPTIES = """\
syntax = "proto3";

package shop.google;

import "google/protobuf/empty.proto";

service Shop {
  rpc Ping(.google.protobuf.Empty) returns (.google.protobuf.Empty);
  rpc Delete(Order) returns (.google.protobuf.Empty);
  rpc Watch(.google.protobuf.Empty) returns (stream Order);
}

message Order {
  string name = 1;
}
"""


EXCHANGED = (ROOT / "tests" / "protos" / "exchanged.proto").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [EMPTIES, EXCHANGED], ids=["nothing", "known"])
@pytest.mark.parametrize("name", ["protobuf", "yaml", "thrift", "graphql"])
def test_what_is_exchanged_is_the_message_that_it_was(name: str, text: str, tmp_path: Path) -> None:
    """Without a word of what is kept, and in the shortest way that means it there."""
    form = registry.formats()[name]
    source = tmp_path / "shop.proto"
    source.write_text(text, encoding="utf-8")

    for to, folder in ((form, tmp_path / "there"), (FORM, tmp_path / "back")):
        report = Report()
        found = reading.read(reading.tree_of([source]), to, Sources(), report)
        assert not report.has_errors, report.diagnostics
        for file in writing.write(found, to):
            output.put(folder, file.path, file.content)
        source = folder / writing.place(found[0].name, to)

    assert source.read_text(encoding="utf-8") == text
    assert [path.name for path in (tmp_path / "back").iterdir()] == ["shop.proto"]
