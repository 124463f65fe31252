"""The generator: a cold run beside protoc, one with nothing to do beside the first, and its growth.

Every round is a process from its start to its end. Python's bytecode, and svcgen's compiled
templates, are warm for all of them, as after the first run on any machine; what is cold is the
output, of svcgen and of protoc. Figures are runs a second, or services a second where sizes differ.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

from benchmarks.rounds import Contest

CALCULATOR = Path(__file__).parent.parent / "examples/calculator/calculator.yaml"
SIZES = (10, 100, 1000)  # services of a definition

_SETTINGS = 'definition = "definition.yaml"\nlanguages = ["python"]\nprotocols = ["grpc", "rest"]\n'
_OURS = ("-m", "svcgen", "generate")
_MEGABYTE = 1024 if sys.platform == "linux" else 1024 * 1024  # in units of ru_maxrss


@contextmanager
def contests() -> Iterator[list[Contest]]:
    with tempfile.TemporaryDirectory() as scratch:
        bench = _Bench(Path(scratch))
        calculator = bench.project("calculator", CALCULATOR.read_text(encoding="utf-8"))
        grown = {size: bench.project(f"services-{size}", definition(size)) for size in SIZES}
        stubs = bench.stubs(calculator)
        yield [
            Contest("svcgen generate, cold", "protoc", calculator.cold, stubs.cold, 1 / 2.5),
            Contest(
                "svcgen generate, nothing to do", "cold", calculator.again, calculator.cold, 1 / 0.3
            ),
            *(
                Contest(
                    f"services a second of {more:,}",
                    f"of {fewer:,}",
                    partial(grown[more].cold, more),
                    partial(grown[fewer].cold, fewer),
                    0.8,
                )
                for fewer, more in pairwise(SIZES)
            ),
        ]
        for size, project in grown.items():
            print(f"   peak memory with {size:,} services: {project.peak / _MEGABYTE:,.0f} MB")


def definition(size: int) -> str:
    """A definition of ``size`` services, each with two methods, a struct, an enum and an error."""
    services = (_SERVICE.replace("N_", str(number)) for number in range(size))
    types = (_TYPES.replace("N_", str(number)) for number in range(size))
    errors = (_ERROR.replace("N_", str(number)) for number in range(size))
    return "".join(
        [
            "svcgen: 1\npackage: grown\ntypes:\n",
            *types,
            "errors:\n",
            *errors,
            "services:\n",
            *services,
        ]
    )


_TYPES = """\
  StateN_: {enum: [open, closed]}
  ItemN_:
    doc: One of many.
    fields: {id: int64, title: {type: string, max_length: 80}, state: StateN_, tags: list<string>}
"""
_ERROR = "  MissingN_: {code: not_found, fields: {id: int64}}\n"
_SERVICE = """\
  StoreN_:
    methods:
      get: {doc: Find one., params: {id: int64}, output: ItemN_, errors: [MissingN_], readonly: true}
      put: {doc: Keep one., input: ItemN_, output: ItemN_}
"""


class _Bench:
    """Runs Python programs in a scratch folder, with the caches of all of them there."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._environment = {
            **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": str(Path(__file__).parent.parent),
            "PYTHONPYCACHEPREFIX": str(scratch / "bytecode"),
            "XDG_CACHE_HOME": str(scratch / "cache"),
        }

    def project(self, name: str, text: str) -> _Task:
        folder = self._scratch / name
        inputs = {"definition.yaml": text, "svcgen.toml": _SETTINGS}
        return _Task(folder, inputs, _OURS, self._environment)

    def stubs(self, project: _Task) -> _Task:
        """protoc's run for the .proto that svcgen wrote for ``project``."""
        project.cold()
        proto = next((project.folder / "schemas").rglob("*.proto"))
        command = ("-m", "grpc_tools.protoc", "-I.", "--python_out=.", "--grpc_python_out=.")
        inputs = {proto.name: proto.read_text(encoding="utf-8")}
        task = _Task(self._scratch / "stubs", inputs, (*command, proto.name), self._environment)
        task.cold()
        return task


class _Task:
    """A command in a folder of its own; ``peak`` is the most memory that a run has used."""

    def __init__(
        self,
        folder: Path,
        inputs: dict[str, str],
        command: tuple[str, ...],
        environment: dict[str, str],
    ) -> None:
        self.folder = folder
        self.peak = 0
        self._inputs = inputs
        self._command = command
        self._environment = environment

    def cold(self, size: int = 1) -> float:
        """Runs a second, or things of which a run makes ``size``, without anything there before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name, text in self._inputs.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        return size / self._run()

    def again(self) -> float:
        """Runs a second where the run before has left nothing to do."""
        self.cold()
        return 1 / self._run()

    def _run(self) -> float:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *self._command],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{self._command} ended with {process.returncode}")
        self.peak = max(self.peak, used.ru_maxrss)
        return seconds
