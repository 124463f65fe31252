"""The hooks of ``.pre-commit-hooks.yaml``, installed and run by the real pre-commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "svcgen", "templates")

CONFIG = """\
repos:
  - repo: {repo}
    rev: {rev}
    hooks:
      - id: svcgen-generate
      - id: svcgen-check
        files: ^tasks\\.yaml$
"""


def run(*command: str | Path, cwd: Path, code: int = 0, seconds: float = 60) -> str:
    identity = {f"GIT_{who}_{what}": "test@example.com" for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")}  # fmt: skip
    env = {**os.environ, **identity, "PRE_COMMIT_HOME": str(cwd.parent / "cache")}
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=seconds, env=env
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def repository(folder: Path) -> str:
    """Make a git repository of all that is in ``folder``; its commit."""
    run("git", "init", "-q", cwd=folder)
    run("git", "add", "-A", cwd=folder)
    run("git", "commit", "-q", "-m", "all", cwd=folder)
    return run("git", "rev-parse", "HEAD", cwd=folder).strip()


@pytest.mark.network
@pytest.mark.slow
def test_the_hooks_run_in_pre_commit(tmp_path: Path) -> None:
    hooks, project = tmp_path / "hooks", tmp_path / "tasks"
    hooks.mkdir()
    for part in filter(lambda part: (ROOT / part).exists(), PARTS):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, hooks / part)
    rev = repository(hooks)
    run(sys.executable, "-m", "svcgen", "new", "tasks.yaml", cwd=tmp_path)
    (project / ".pre-commit-config.yaml").write_text(CONFIG.format(repo=hooks, rev=rev))
    repository(project)
    hook = (sys.executable, "-m", "pre_commit", "run", "--all-files")

    clean = run(*hook, cwd=project, seconds=240)
    assert clean.count("Passed") == 2

    definition = project / "tasks.yaml"
    text = definition.read_text()
    definition.write_text(text.replace("Keeps a list", "Has a list"))
    changed = run(*hook, cwd=project, code=1)
    assert "files were modified by this hook" in changed
    assert changed.count("Passed") == 1

    definition.write_text(text.replace("state: State", "state: Stat"))
    broken = run(*hook, cwd=project, code=1)
    assert broken.count("error[unknown-type]") == 2
