"""Google's .proto files as a tree of .thrift files: by two processes beside one, and of two sizes.

Calls a second are files a second. A round takes minutes; ``python -m benchmarks.convert N`` converts
all files once by N processes, and prints the time and the largest peak memory of a process.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.rounds import Contest
from svcgen import registry
from svcgen.conversion import converting
from svcgen.conversion.reading import Tree
from svcgen.diagnostics import Report
from svcgen.formats import Sources
from tests import proto_corpus

MANY, FEW = 960, 240
"""Files of a tree, beside those that they import."""

FIRST = "google/cloud/"
"""Where a tree begins that is not all files."""


_PROCESSES = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def names() -> list[str]:
    """All files but protoc's own tests, some of which nothing can read."""
    return [name for name in proto_corpus.names() if not name.startswith("google/protobuf/")]


def neighbours(count: int) -> list[str]:
    """So many files that stand together, as those of a folder do."""
    known = names()
    first = next(number for number, name in enumerate(known) if name.startswith(FIRST))
    return known[first : first + count]


def tree(names: list[str]) -> Tree:
    root = proto_corpus.root()
    files = ((name.removesuffix(".proto"), root / name) for name in names)
    return Tree(root, tuple(files), is_whole=True)


def converted(files: Tree, processes: int) -> int:
    """How many files a conversion gives."""
    form = registry.formats()["thrift"]
    done = converting.convert(files, form, Sources(), Report(), processes=processes)
    return len(done.files)


def speed(names: list[str], processes: int) -> Callable[[], float]:
    def measure() -> float:
        files, began = tree(names), time.perf_counter()
        return converted(files, processes) / (time.perf_counter() - began)

    return measure


@contextmanager
def contests() -> Iterator[list[Contest]]:
    gc.set_threshold(500_000)  # as the command line does
    many, few = neighbours(MANY), neighbours(FEW)
    yield [
        Contest("convert to thrift, 2 processes", "1 process", speed(many, 2), speed(many, 1), 1.7),
        Contest(
            f"convert to thrift, {MANY} files", f"{FEW} files", speed(many, 1), speed(few, 1), 0.8
        ),
    ]


def main(processes: int) -> None:
    """Convert the whole corpus."""
    gc.set_threshold(500_000)
    files, began = tree(names()), time.perf_counter()
    count = converted(files, processes)
    took = time.perf_counter() - began
    peak = max(resource.getrusage(of).ru_maxrss for of in _PROCESSES)
    print(f"{count} files, {processes} processes: {took:.0f} s, {peak / 1024:.0f} MiB at most")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
