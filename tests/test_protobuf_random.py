"""The .proto and the Python codec of random definitions: protoc, black and ruff have no objection."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import black
import pytest

from svcgen.diagnostics import Report
from svcgen.evolution import lock
from svcgen.formats import Writing
from svcgen.formats.neutral.reader import read
from svcgen.formats.protobuf.writer import write
from svcgen.languages.python.codecs.protobuf import plan
from svcgen.model.plan import PlannedFile
from svcgen.render import render
from tests.protoc import compile_protos
from tests.random_definitions import Definition


@pytest.fixture(params=range(6))
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with the .proto and the codec of one random definition."""
    source, report = tmp_path / "random.yaml", Report()
    source.write_text(Definition(request.param).text, encoding="utf-8")
    api = read(source, report)
    assert api is not None
    api, _ = lock.assign(api, None, "svcgen.lock", report)
    assert [] == report.diagnostics
    planned = [f for f in write(api, Writing()).values() if isinstance(f, PlannedFile)]
    for file in render([*planned, *plan(api, "", "Made at random.")]):
        (tmp_path / file.path.strip("/")).write_bytes(file.content)
    return tmp_path


def test_others_have_no_objection(files: Path) -> None:
    compile_protos(files, f"--descriptor_set_out={files / 'set'}")
    codec = (files / "protobuf.py").read_text(encoding="utf-8")
    assert codec == black.format_str(codec, mode=black.Mode())
    for command in (["format", "--check"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", str(files / "protobuf.py")]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout
