"""The .proto files of npm's ``google-proto-files``, read by us and by protoc: are they the same?

``python -m tests.proto_corpus`` compares all of them and prints each one that differs.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats.protobuf.library import Library
from tests import proto_oracle
from tests.proto_facts import Facts, Theirs, ours
from tests.tools import NODE, node_with

PACKAGE = "google-proto-files"
BATCH = 250
"""Files that protoc gets at once: it writes every file that they import beside them."""
SEED = 20

_REFUSED = re.compile(r"^(?P<file>[^\n:]+\.proto):(?! warning)(?!.*: warning: )", re.MULTILINE)


def root() -> Path:
    """Where the files are; installed when first needed."""
    node_with(PACKAGE)
    return NODE / "node_modules" / PACKAGE


def names() -> list[str]:
    folder = root()
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.proto"))


def apis() -> list[str]:
    """All files but protoc's own tests, some of which nothing can read."""
    return [name for name in names() if not name.startswith("google/protobuf/")]


def sample(count: int) -> list[str]:
    return random.Random(SEED).sample(names(), count)


def verdicts(folder: Path, chosen: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Of each file, how we differ from protoc; empty if we read, or refuse, what it does."""
    library = Library([folder])
    for start in range(0, len(chosen), BATCH):
        batch = chosen[start : start + BATCH]
        apart = _not_together(folder, batch)
        theirs = Theirs(proto_oracle.descriptors([folder], [n for n in batch if n not in apart]))
        for name in batch:
            facts = _alone(folder, name) if name in apart else theirs.file(name)
            yield name, _verdict(folder / name, facts, library)


def _not_together(folder: Path, batch: Sequence[str]) -> set[str]:
    """The files that protoc refuses, be it only beside the others."""
    found: set[str] = set()
    while True:
        rest = [name for name in batch if name not in found]
        code, said = proto_oracle.run(f"-I{folder}", f"--descriptor_set_out={os.devnull}", *rest)
        if code == 0:
            return found
        told = said.replace(f"{folder}/", "")
        refused = {match["file"] for match in _REFUSED.finditer(told)} & {*rest}
        assert refused, said
        found |= refused


def _alone(folder: Path, name: str) -> Facts | None:
    """What protoc reads in a file without the others; ``None`` if it refuses it."""
    roots = [folder, (folder / name).parent]  # where we look for imports as well
    code, _ = proto_oracle.run(
        *(f"-I{root}" for root in roots), f"--descriptor_set_out={os.devnull}", name
    )
    return Theirs(proto_oracle.descriptors(roots, [name])).file(name) if code == 0 else None


def _verdict(path: Path, theirs: Facts | None, library: Library) -> str:
    report = Report()
    reading = library.read(path, report)
    told = "; ".join(f"{d.span}: {d.message}" for d in report.diagnostics[:3])
    if theirs is None:
        return "" if report.has_errors else "protoc refuses it"
    if reading is None or report.has_errors:
        return f"refused: {told}"
    return next(difference(ours(reading.main), theirs), "")


def difference(our: object, their: object, place: str = "") -> Iterator[str]:
    """Where two trees of facts differ, and how."""
    if isinstance(our, dict) and isinstance(their, dict) and our.keys() == their.keys():
        for key, value in our.items():
            yield from difference(value, their[key], f"{place}/{key}")
    elif isinstance(our, list) and isinstance(their, list) and len(our) == len(their):
        for index, (one, other) in enumerate(zip(our, their, strict=True)):
            yield from difference(one, other, f"{place}/{index}")
    elif our != their:
        yield f"{place}: {our!r:.200} instead of {their!r:.200}"


def main() -> int:
    """Compare all files; print the shares and what differs."""
    counts: Counter[str] = Counter()
    for name, problem in verdicts(root(), names()):
        counts["differ" if problem else "as protoc"] += 1
        if problem:
            print(f"{name}: {problem}", flush=True)
    total = counts.total()
    for word, count in counts.most_common():
        print(f"{word}: {count} of {total} ({100 * count / total:.2f} %)")
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
