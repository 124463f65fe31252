"""The support files as a user finds them: typed, linted, and formatted."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKS = {
    "mypy": ["mypy", "--strict", "--ignore-missing-imports", "--no-incremental", "generated"],
    "ruff": ["ruff", "check", "--no-cache", "generated"],
    "ruff format": ["ruff", "format", "--no-cache", "--check", "generated"],
    "black": ["black", "--check", "-q", "generated"],
}


@pytest.mark.parametrize("check", CHECKS)
def test_support_files_pass(check: str, assembled: Path) -> None:
    name, *arguments = CHECKS[check]
    command = [sys.executable, "-m", name, *arguments]
    done = subprocess.run(
        command, cwd=assembled, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
