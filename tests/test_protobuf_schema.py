"""The .proto files of the examples, judged by protoc and buf."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests import projects
from tests.protoc import compile_protos
from tests.tools import node_tool

EXAMPLES = ("calculator", "users", "chat", "kitchen-sink")
EXCEPT = ["PACKAGE_DIRECTORY_MATCH", "ENUM_NO_ALLOW_ALIAS"]
LINT = {"version": "v2", "lint": {"use": ["BASIC"], "except": EXCEPT}}
"""Files lie in one folder ``schemas/``, whatever their package; an enum has aliases if asked to."""


@pytest.fixture(params=EXAMPLES)
def schemas(request: pytest.FixtureRequest) -> Path:
    return projects.generated(request.param) / "schemas"


def buf(folder: Path, *arguments: str) -> str:
    command = [node_tool("buf"), *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr


def test_protoc_compiles_it(schemas: Path, tmp_path: Path) -> None:
    compile_protos(schemas, f"--descriptor_set_out={tmp_path / 'set'}")


def test_buf_finds_nothing_to_lint(schemas: Path) -> None:
    assert buf(schemas, "lint", "--config", json.dumps(LINT)) == ""


def test_buf_format_leaves_it_alone(schemas: Path) -> None:
    assert buf(schemas, "format", "--diff") == ""
