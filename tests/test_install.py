"""A virtual environment with only what the generated project declares installs, serves and calls."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.projects import EXAMPLES

INSTALL = 280.0  # seconds
WAIT = 30.0


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_runs_on_what_it_declares(tmp_path: Path) -> None:
    project = tmp_path / "calculator"
    definition = EXAMPLES / "calculator" / "calculator.yaml"
    run(sys.executable, "-m", "svcgen", "new", str(definition), "-o", str(project))
    package = project / "python" / "src" / "calculator"
    shutil.copy(EXAMPLES / "calculator" / "handler.py", package)
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")

    run(python, "-m", "pip", "install", "--quiet", str(project / "python"), limit=INSTALL)

    assert "svcgen" not in run(python, "-m", "pip", "list")
    assert {"grpc": "3", "rest+http": "3"} == sums(python, tmp_path)


def sums(python: str, folder: Path) -> dict[str, str]:
    """What a server of the installed package answers to 1 + 2 − 0, by scheme."""
    command = [python, "-m", "calculator", "serve"]
    for scheme in ("grpc", "rest+http"):
        command += ["--url", f"{scheme}://127.0.0.1:0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        urls = [server.stdout.readline().strip() for _ in range(2)]
        call = [python, "-m", "calculator", "call", "sum", "1", "2", "--url"]
        answers = {url.partition("://")[0]: run(*call, url).strip() for url in urls}
        server.terminate()
        server.wait(WAIT)
    return answers


def run(*command: str, limit: float = WAIT) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
