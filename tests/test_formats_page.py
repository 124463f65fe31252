"""``docs/formats.md`` is true: its commands run, and what it shows of files is in them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from svcgen import registry
from svcgen.cli.commands import svcgen

PAGE = (Path(__file__).parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: \w+=(\S+))?\n(.*?)^```$", PAGE, re.M | re.S)
SHOWN = [(name or f"shop.{kind}", text) for kind, name, text in BLOCKS if "…" in text or name]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the page's definition, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    for _, name, text in BLOCKS:
        if name == "shop.yaml":
            (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_commands_run(folder: Path) -> None:
    [commands] = [text for kind, _, text in BLOCKS if kind == "console"]
    for line in commands.splitlines():
        result = CliRunner().invoke(svcgen, shlex.split(line)[2:])
        assert result.exit_code == 0, result.output

    assert (folder / "again.yaml").read_text(encoding="utf-8").startswith("svcgen: 1\n")


@pytest.mark.parametrize(("name", "text"), SHOWN, ids=[name for name, _ in SHOWN])
def test_what_is_shown_is_in_the_file(name: str, text: str, folder: Path) -> None:
    fitting = [f for f in registry.formats().values() if name.endswith(f.suffixes[0])]
    form = max(fitting, key=lambda f: len(f.suffixes[0]))
    if not form.complete:
        result = CliRunner().invoke(svcgen, ["convert", "shop.yaml", "--to", form.word, "-o", name])
        assert result.exit_code == 0, result.output

    written = (folder / name).read_text(encoding="utf-8")
    assert all(part in written for part in text.rstrip("\n").split("…"))


def test_every_form_is_listed() -> None:
    listed = re.findall(r"^\| \[(\w+)\]", PAGE, re.M)

    assert sorted(listed) == sorted(form.word for form in registry.formats().values())
