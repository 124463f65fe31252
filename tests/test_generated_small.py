"""Definitions with next to nothing in them: what they give is as clean as what the examples give."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from svcgen.project import skeleton

SMALL = {
    "nothing": "",
    "types": "types: {Book: {title: string}}",
    "an_enum": "types: {Color: {enum: [RED, GREEN]}}",
    "an_alias": "types: {Id: {alias: string, min_length: 1}}",
    "constants": "constants: {LIMIT: 9}",
    "aliases_and_constants": "types: {Id: {alias: string}}\nconstants: {LIMIT: 9}",
    "errors": "errors: {Gone: not_found}",
    "errors_with_fields": "errors: {Gone: {code: not_found, fields: {what: string}}}",
    "no_methods": "services: {Empty: {}}",
    "no_methods_twice": "services: {Empty: {}, Void: {}}",
    "no_parameters": "services: {Clock: {methods: {tick: , now: {output: timestamp}}}}",
    "one_call_without_types": "services: {Sum: {methods: {add: {params: {a: int32}, output: int32}}}}",
    "a_doc_that_shows_nothing": 'services: {S: {doc: "\\u200b", methods: {m: {doc: "\\u200b"}}}}',
    "events": "services: {News: {events: {posted: string}}}",
    "a_stream": "services: {Feed: {methods: {follow: {output: stream int32}}}}",
}


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[*SMALL, "starter"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python project of a small definition, or of the one that ``svcgen new`` writes."""
    name = request.param
    folder = tmp_path_factory.mktemp(name)
    definition = folder / f"{name}.yaml"
    text = f"svcgen: 1\n{SMALL[name]}\n" if name in SMALL else skeleton.starter(name).decode()
    definition.write_text(text, encoding="utf-8")
    run(
        "svcgen",
        "new",
        str(definition),
        "-o",
        str(folder / "project"),
        cwd=Path(__file__).parents[1],
    )
    return folder / "project" / "python"


def run(*command: str, cwd: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, env=os.environ, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_tools_have_nothing_to_say(project: Path) -> None:
    """Only the files that depend on the definition: the rest is held to black by the examples."""
    [package] = (project / "src").iterdir()
    own = [*package.glob("*.py"), *package.glob("_gen/*.py"), *project.glob("tests/*.py")]
    files = [str(path) for path in own]

    run("compileall", "-q", ".", cwd=project)
    run("ruff", "check", "--isolated", ".", cwd=project)
    run("ruff", "format", "--isolated", "--diff", ".", cwd=project)
    run("black", "--check", "-q", "--diff", "--workers", "1", *files, cwd=project)


def test_it_can_be_imported(project: Path) -> None:
    [package] = (project / "src").iterdir()

    run(f"{package.name}", "--help", cwd=project / "src")
