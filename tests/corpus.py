"""Test tables in the file system: an input file or folder, and beside it the expected text."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """A pair ``<name>.yaml`` (or another form) and ``<name>.stderr``, or a folder ``<name>`` with a
    ``stderr``.
    """

    name: str
    path: Path

    @property
    def expected(self) -> Path:
        return self.path / "stderr" if self.path.is_dir() else self.path.with_suffix(".stderr")


def cases(folder: Path) -> list[Case]:
    found = [Case(p.stem, p) for p in folder.iterdir() if p.is_file() and p.suffix != ".stderr"]
    found += [Case(p.name, p) for p in folder.iterdir() if p.is_dir()]
    return sorted(found, key=lambda case: case.name)


def compare(actual: str, expected: Path, refresh: bool) -> None:
    """Compare with a file; a missing file means that nothing is expected."""
    if refresh:
        expected.write_text(actual, encoding="utf-8")
    wanted = expected.read_text(encoding="utf-8") if expected.is_file() else ""
    assert actual == wanted, f"{expected} differs; pytest --refresh rewrites it"
