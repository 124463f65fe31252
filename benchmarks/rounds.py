"""Contests in rounds: ours and a peer take turns, the medians of their speeds make the ratio."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
START_LIMIT = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Contest:
    """One line of the table: two ways to do the same. A round returns calls a second."""

    title: str
    peer_name: str
    ours: Callable[[], float]
    peer: Callable[[], float]
    at_least: float  # the ratio that is promised


@dataclass(frozen=True, slots=True)
class Outcome:
    contest: Contest
    ours: float
    peer: float

    @property
    def ratio(self) -> float:
        return self.ours / self.peer

    def __str__(self) -> str:
        mark = "ok " if self.ratio >= self.contest.at_least else "LOW"
        return (
            f"{mark} {self.contest.title:34} {self.ours:10,.1f} /s  {self.contest.peer_name:26}"
            f" {self.peer:10,.1f} /s  {self.ratio:6.2f}x  (at least {self.contest.at_least:g}x)"
        )


def hold(contest: Contest, rounds: int = 5) -> Outcome:
    """The medians of both sides over rounds in which each comes first in turn."""
    ours, peer = [], []
    for number in range(rounds):
        turns = [(contest.ours, ours), (contest.peer, peer)]
        for measure, found in turns if number % 2 else reversed(turns):
            found.append(measure())
    return Outcome(contest, statistics.median(ours), statistics.median(peer))


@contextmanager
def running(*command: str) -> Iterator[str]:
    """A Python program as a server; it says its address in its first line."""
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, text=True, cwd=HERE
    )
    try:
        assert process.stdout is not None
        began = time.monotonic()
        address = process.stdout.readline().strip()
        assert address, f"{command} did not start"
        assert time.monotonic() - began < START_LIMIT
        yield address
    finally:
        process.terminate()
        process.wait(10)


def figure(*command: str, folder: Path = HERE) -> float:
    """The number that a Python program prints: a round in a process of its own."""
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=True, cwd=folder
    )
    return float(done.stdout)
