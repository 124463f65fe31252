"""Google's .proto files as a tree of .thrift files: by two processes beside one, and of two sizes.

Calls a second are bytes of .proto a second. A round takes minutes; ``python -m benchmarks.convert N`` converts
all files once by N processes, and tells the time and the largest peak memory of a process.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from benchmarks.rounds import HERE, Contest, figure
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


def neighbours(count: int) -> list[str]:
    """So many files that stand together, as those of a folder do."""
    known = proto_corpus.apis()
    first = next(number for number, name in enumerate(known) if name.startswith(FIRST))
    return known[first : first + count]


def tree(names: Sequence[str]) -> Tree:
    root = proto_corpus.root()
    files = ((name.removesuffix(".proto"), root / name) for name in names)
    return Tree(root, tuple(files), is_whole=True)


def measured(names: Sequence[str], processes: int) -> str:
    """What a conversion of files takes in time and memory."""
    gc.set_threshold(500_000)  # as the command line does
    form, files = registry.formats()["thrift"], tree(names)
    began = time.perf_counter()
    done = converting.convert(files, form, Sources(), Report(), processes=processes)
    took = time.perf_counter() - began
    peak = max(resource.getrusage(of).ru_maxrss for of in _PROCESSES)
    print(
        f"{len(done.files)} files, {processes} processes: {took:.0f} s, {peak / 1024:.0f} MiB",
        file=sys.stderr,
    )
    return f"{sum(path.stat().st_size for _, path in files.files) / took}"


def speed(count: int, processes: int) -> Callable[[], float]:
    """The speed of a conversion in a process of its own, where no other has left anything."""
    command = ("-m", "benchmarks.convert", str(processes), str(count))
    return lambda: figure(*command, folder=HERE.parent)


@contextmanager
def contests() -> Iterator[list[Contest]]:
    yield [
        Contest("convert to thrift, 2 processes", "1 process", speed(MANY, 2), speed(MANY, 1), 1.7),
        Contest(
            f"convert to thrift, {MANY} files", f"{FEW} files", speed(MANY, 1), speed(FEW, 1), 0.8
        ),
    ]


def main(processes: str = "1", count: str = "") -> None:
    """Convert some files, or all."""
    print(measured(neighbours(int(count)) if count else proto_corpus.apis(), int(processes)))


if __name__ == "__main__":
    main(*sys.argv[1:])
