"""``svcgen generate --watch`` as a process: what it notices, what it says, how it ends."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

LIMIT = 60.0  # seconds that anything may take
DEFINITION = """\
svcgen: 1
imports: [common.yaml]
services:
  Shop:
    methods:
      price: {params: {item: string}, returns: Money, readonly: true}
"""
COMMON = "svcgen: 1\ntypes:\n  Money: {amount: decimal}\n"
SETTINGS = 'definition = "shop.yaml"\nlanguages = ["python"]\nprotocols = ["rest"]\n'


class Watching:
    """A process that watches, and what it says."""

    def __init__(self, folder: Path) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "svcgen", "generate", "--watch"],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def until(self, text: str) -> str:
        """What is said up to the line that has the text."""
        said = []
        while True:
            line = self._lines.get(timeout=LIMIT)
            said.append(line)
            if text in line:
                return "".join(said)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("the end\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(DEFINITION)
    (tmp_path / "common.yaml").write_text(COMMON)
    (tmp_path / "svcgen.toml").write_text(SETTINGS)
    return tmp_path


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    started = Watching(folder)
    yield started
    started.stop()


def test_what_changes_is_generated_again(folder: Path, watching: Watching) -> None:
    models = folder / "python/src/shop/_gen/models.py"
    assert "created python/src/shop/_gen/models.py" in watching.until("waiting for a change")

    (folder / "common.yaml").write_text(COMMON.replace("amount", "cents"))
    assert "updated python/src/shop/_gen/models.py" in watching.until("waiting for a change")
    assert "cents: Decimal" in models.read_text()

    (folder / "shop.yaml").write_text(DEFINITION.replace("string", "strong"))
    told = watching.until("waiting for a mended definition")
    assert "shop.yaml:6:30: error[unknown-type]" in told

    (folder / "shop.yaml").unlink()
    watching.until("waiting for a mended definition")

    replaced = folder / "shop.yaml.new"  # as editors do
    replaced.write_text(DEFINITION.replace("price", "cost"))
    replaced.replace(folder / "shop.yaml")
    watching.until("waiting for a change")
    assert "async def cost" in (folder / "python/src/shop/_gen/client.py").read_text()

    (folder / "svcgen.toml").write_text(SETTINGS.replace("rest", "jsonrpc"))
    assert "removed python/src/shop/_gen/rest.py" in watching.until("waiting for a change")


def test_an_interrupt_ends_it_quietly(folder: Path, watching: Watching) -> None:
    watching.until("waiting for a change")
    os.kill(watching.process.pid, signal.SIGINT)

    assert watching.until("the end").strip() == "the end"
    assert watching.process.wait(LIMIT) == 130


def test_a_folder_without_a_project_is_waited_for_too(tmp_path: Path) -> None:
    watching = Watching(tmp_path)
    try:
        assert "svcgen.toml" in watching.until("waiting for a mended definition")
        (tmp_path / "shop.yaml").write_text("svcgen: 1\nservices: {Shop: {methods: {open: {}}}}\n")
        (tmp_path / "svcgen.toml").write_text(SETTINGS)
        watching.until("waiting for a change")
    finally:
        watching.stop()


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_it_writes_or_does_not_watch(option: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "svcgen", "generate", "--watch", option],
        cwd=folder, capture_output=True, text=True, check=False, timeout=LIMIT,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--watch writes" in done.stderr
