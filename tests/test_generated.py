"""What is generated from the examples: typed, linted, formatted, stable, and it passes its own tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import EXAMPLES

ROOT = Path(__file__).parent.parent
NAMES = sorted(p.parent.name for p in EXAMPLES.glob("*/handler.py"))


def run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a tool of this environment; its output is the message if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, timeout=280,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return done.stdout


@pytest.fixture(scope="module", params=NAMES)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project of each example, its handler filled in."""
    name = request.param
    folder = tmp_path_factory.mktemp(name) / name
    run("svcgen", "new", str(EXAMPLES / name / f"{name}.yaml"), "-o", str(folder), cwd=ROOT)
    [package] = (folder / "python" / "src").iterdir()
    shutil.copy(EXAMPLES / name / "handler.py", package / "handler.py")
    return folder


def test_black_leaves_it_as_it_is(project: Path) -> None:
    run("black", "--check", "-q", "--diff", ".", cwd=project / "python")


def test_ruff_leaves_it_as_it_is(project: Path) -> None:
    run("ruff", "format", "--isolated", "--diff", ".", cwd=project / "python")


def test_ruff_has_no_finding(project: Path) -> None:
    run("ruff", "check", "--isolated", ".", cwd=project / "python")


@pytest.mark.slow
def test_mypy_strict_has_no_finding(project: Path) -> None:
    """With the project's own settings, handler and all."""
    run("mypy", "--cache-dir", str(ROOT / ".mypy_cache" / "generated"), cwd=project / "python")


@pytest.mark.slow
def test_its_own_tests_pass(project: Path) -> None:
    """The seeded tests call every operation over every protocol; none is skipped for want of code."""
    out = run(
        "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-rs", cwd=project / "python",
        env={"PYTHONPATH": str(project / "python" / "src")},
    )  # fmt: skip

    assert "passed" in out
    assert "skipped" not in out


def test_it_is_up_to_date(project: Path) -> None:
    """Filling in the handler is no reason to regenerate."""
    run("svcgen", "generate", "--check", cwd=project)


def test_it_never_imports_svcgen(project: Path) -> None:
    sources = [p.read_text(encoding="utf-8") for p in (project / "python").rglob("*.py")]

    assert sources
    assert not [s for s in sources if "import svcgen" in s or "from svcgen" in s]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_input_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    """Under another hash seed and from another working directory."""
    definition = str(EXAMPLES / name / f"{name}.yaml")
    first, second = tmp_path / "a" / "project", tmp_path / "b" / "project"
    run("svcgen", "new", definition, "-o", str(first), cwd=ROOT, env={"PYTHONHASHSEED": "1"})
    run("svcgen", "new", definition, "-o", str(second), cwd=tmp_path, env={"PYTHONHASHSEED": "2"})

    assert contents(first) == contents(second)


def contents(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(files)}


def test_the_wheel_works(tmp_path: Path) -> None:
    """Built from the repository, unpacked elsewhere: the templates are inside."""
    run("build", "--wheel", "--no-isolation", "-o", str(tmp_path / "dist"), cwd=ROOT)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    unpacked = tmp_path / "site"
    shutil.unpack_archive(wheel, unpacked, "zip")

    out = run(
        "svcgen", "new", str(EXAMPLES / "calculator" / "calculator.yaml"), "-o", str(tmp_path / "p"),
        cwd=tmp_path, env={"PYTHONPATH": str(unpacked), "PYTHONSAFEPATH": "1"},
    )  # fmt: skip

    assert "calculator" in out
    assert (tmp_path / "p" / "python" / "src" / "calculator" / "_gen" / "grpc.py").is_file()
