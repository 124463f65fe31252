"""Holds the contests of all modules, or of those named, and prints their table."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks
from benchmarks.rounds import hold


def main(names: list[str]) -> int:
    found = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    low = 0
    for name in names or found:
        contests = getattr(importlib.import_module(f"benchmarks.{name}"), "contests", None)
        if contests is None:
            continue
        with contests() as listed:
            for contest in listed:
                outcome = hold(contest)
                low += outcome.ratio < contest.at_least
                print(outcome, flush=True)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
