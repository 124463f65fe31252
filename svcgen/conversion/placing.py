"""Where the files of a conversion go, so that none is lost and no source is written over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from svcgen.conversion.reading import Tree, absolute
from svcgen.conversion.writing import place
from svcgen.formats import Format
from svcgen.frozen import frozen, replace


@frozen
class Goal:
    """What a conversion is to write: ``file`` of one source, or all below ``folder``."""

    folder: Path
    file: str = ""


def goal_of(tree: Tree, output: str) -> Goal:
    """A folder for a tree, and if there is one or a slash at the end of the name; else a file."""
    path = Path(output)
    if tree.is_whole or path.is_dir() or output.endswith("/"):
        return Goal(path)
    return Goal(path.parent, path.name)


def without_results(tree: Tree, form: Format, goal: Goal) -> Tree:
    """The tree without the files that this conversion writes: those of its last run."""
    targets = _targets(tree, form, goal)
    results = {target for path, target in targets if target != absolute(path)}
    rest = (each for each in tree.files if absolute(each[1]) not in results)
    return replace(tree, files=tuple(rest))


def problem(tree: Tree, form: Format, goal: Goal) -> str:
    """Why the files cannot be written; empty if they can."""
    if goal.folder.exists() and not goal.folder.is_dir():
        return f"{goal.folder} is no folder"
    sources: dict[str, Path] = {}
    for path, target in _targets(tree, form, goal):
        if target == absolute(path):
            return f"{path} is what is to be converted; write to another place"
        if target in sources:
            both = f"{sources[target]} and {path} would both become {Path(target).name}"
            return f"{both}; convert them into different folders"
        sources[target] = path
    return ""


def _targets(tree: Tree, form: Format, goal: Goal) -> Iterator[tuple[Path, str]]:
    """Each source with the absolute path of the file that it becomes."""
    for name, path in tree.files:
        yield path, absolute(goal.folder / (goal.file or place(name, form)))
