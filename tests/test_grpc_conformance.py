"""connectrpc/conformance, over a definition of its service in svcgen's own language.

The runner starts ``conformance/grpc/server.py`` or ``client.py``, which stand on generated code. Cases
that fail or are not run are listed there with their reasons; any other that fails, fails the test.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.tools import go_tool

FOLDER = Path(__file__).parent / "conformance" / "grpc"
RUNNER, VERSION = "connectrpc.com/conformance/cmd/connectconformance", "v1.0.5"
LIMIT = 300.0  # seconds

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.timeout(1000)]


@functools.cache
def generated() -> Path:
    """The folder of the package that svcgen makes of the suite's service."""
    root = Path(tempfile.mkdtemp(prefix="svcgen-conformance-"))
    definition = FOLDER / "conformance.yaml"
    command = [sys.executable, "-m", "svcgen", "new", str(definition), "-o", str(root)]
    done = subprocess.run(
        [*command, "--protocol", "grpc"], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return root / "python" / "src"


def run(mode: str, *lists: str) -> tuple[int, str]:
    """How many cases passed, and what the runner said. ``lists``: flags with files of case names."""
    command = [go_tool(RUNNER, VERSION), "--mode", mode, "--conf", str(FOLDER / "config.yaml")]
    for flag, name in zip(lists[::2], lists[1::2], strict=True):
        command += [flag, f"@{FOLDER / name}"]
    command += ["--", sys.executable, str(FOLDER / f"{mode}.py")]
    environment = {**os.environ, "PYTHONPATH": str(generated())}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-20_000:]
    counted = re.search(r"^(\d+) passed, (\d+) failed", said, re.MULTILINE)
    assert counted is not None, said[-20_000:]
    return int(counted[1]), said


def test_server() -> None:
    lists = ("--known-failing", "server-failing.txt", "--skip", "server-skipped.txt")

    passed, said = run("server", *lists)

    assert passed >= 556, said


def test_client() -> None:
    lists = ("--known-flaky", "client-flaky.txt", "--skip", "client-skipped.txt")

    passed, said = run("client", *lists)

    assert passed >= 600, said
