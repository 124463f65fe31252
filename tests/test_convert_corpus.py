"""Google's .proto files in every form: each comes back as it was, and the form's own tool takes it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import zeep

from svcgen import output, pipeline, registry
from svcgen.conversion import reading, writing
from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources
from svcgen.frozen import replace
from svcgen.model.dump import dump
from svcgen.model.service import Api
from tests import proto_corpus, proto_oracle, schemas
from tests.tools import NODE, node_tool, node_with, tool

pytestmark = [pytest.mark.slow, pytest.mark.network]

COUNT = 100
"""Files that are chosen; with what they import they are more than two hundred."""
EVERY = 13
"""Of how many files one goes to those readers that take a second for each."""
FORMS = [form for form in registry.formats().values() if form.read is not None]

MINIMAL = json.dumps({"version": "v2", "lint": {"use": ["MINIMAL"]}})


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.word)
def test_a_tree_comes_back_and_its_tool_takes_it(form: Format, tmp_path: Path) -> None:
    root = proto_corpus.root()
    named = ((name.removesuffix(".proto"), root / name) for name in proto_corpus.sample(COUNT))
    report = Report()
    modules = reading.read(reading.Tree(root, tuple(named), is_whole=True), form, Sources(), report)
    assert not report.has_errors, report.diagnostics
    assert len(modules) > 200

    for file in writing.write(modules, form):
        output.put(tmp_path, file.path, file.content)

    sources = Sources(include=(tmp_path,))
    for module in modules[:: 4 if form.whole else 1]:  # documents take long, and are all alike
        found = Report()
        back = pipeline.read(tmp_path / writing.place(module.name, form), found, sources)
        assert back is not None, found.diagnostics
        assert own(back, form) == own(module.api, form), module.name
    TOOLS[form.word](tmp_path)


def own(api: Api, form: Format) -> dict[str, Any]:
    """The model without the types of files that are at hand, of which there are several editions."""
    at_hand = {
        n for n, o in api.origins.items() if form.at_hand and o.file.startswith(form.at_hand)
    }
    types = {name: each for name, each in api.types.items() if name not in at_hand}
    return dump(replace(api, types=types))


def _protoc(folder: Path) -> None:
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*.proto")]
    assert proto_oracle.descriptors([folder, proto_oracle.WELL_KNOWN, proto_oracle.COMMON], names)
    done = subprocess.run(
        [node_tool("buf"), "lint", "--config", MINIMAL],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _thrift(folder: Path) -> None:
    for path in folder.rglob("*.thrift"):
        command = [tool("thrift"), "--gen", "json", "-out", str(folder), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr


def _graphql(folder: Path) -> None:
    from graphql import build_schema, validate_schema

    for path in folder.rglob("*.graphql"):
        assert validate_schema(build_schema(path.read_text(encoding="utf-8"))) == [], path


def _some(folder: Path) -> list[Path]:
    """Files for readers that take a second for each."""
    return sorted(path for path in folder.rglob("*") if path.is_file())[::EVERY]


def _openapi(folder: Path) -> None:
    assert schemas.redocly(*_some(folder)) == []


def _node(script: str, package: str, folder: Path) -> None:
    command = [node_with(package), script, *map(str, _some(folder))]
    done = subprocess.run(
        command, cwd=NODE, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.split()) == len(_some(folder))


def _wsdl(folder: Path) -> None:
    for path in _some(folder):
        schemas.xml_schema(path.read_text(encoding="utf-8"))
        assert zeep.Client(str(path)).wsdl.types is not None


def _nothing(folder: Path) -> None:
    """Nobody else reads definitions."""


TOOLS: dict[str, Callable[[Path], None]] = {
    "proto": _protoc,
    "thrift": _thrift,
    "graphql": _graphql,
    "openapi": _openapi,
    "openrpc": partial(_node, "openrpc.mjs", "@open-rpc/schema-utils-js"),
    "asyncapi": partial(_node, "asyncapi.mjs", "@asyncapi/parser"),
    "wsdl": _wsdl,
    "yaml": _nothing,
}
