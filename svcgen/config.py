"""``svcgen.toml`` and the options of a command as one frozen :class:`Settings`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path

from svcgen.diagnostics import Report, Rule, Span, did_you_mean
from svcgen.frozen import frozen

ALL = "all"
_KEYS = ("definition", "include", "lenient", "languages", "protocols")

_EXAMPLE = 'definition = "calculator.yaml"\nlanguages = ["python"]\nprotocols = ["all"]\n'

NO_CONFIG = Rule(
    code="config-missing",
    message="there is no {name} in {folder!r}",
    fix="name the folder of a project, or make one with `svcgen new DEFINITION`",
    why="`svcgen generate` regenerates what the file svcgen.toml of a project names.",
    example=_EXAMPLE,
)

BAD_TOML = Rule(
    code="config-syntax",
    message="not TOML: {problem}",
    fix="mend the line; https://toml.io shows the forms that a value may have",
    why="svcgen.toml is TOML 1.0 in UTF-8.",
    example="definition = calculator.yaml\n",
)

UNKNOWN_KEY = Rule(
    code="config-unknown-key",
    message="svcgen.toml has no key {key!r}{hint}",
    fix="use one of {known}",
    why="A key that svcgen does not know would silently do nothing.",
    example='definition = "calculator.yaml"\nlanguage = ["python"]\n',
)

BAD_VALUE = Rule(
    code="config-value",
    message="{key} must be {wanted}",
    fix="write it like {example}",
    why=(
        "The definition is a path from svcgen.toml and include a list of such paths; languages and"
        " protocols are lists of names."
    ),
    example='definition = ["calculator.yaml"]\n',
)

MISSING_KEY = Rule(
    code="config-missing-key",
    message="svcgen.toml does not say which definition to read",
    fix='add a line such as definition = "calculator.yaml"',
    why="The definition is the one thing that svcgen cannot choose for a project.",
    example='languages = ["python"]\n',
)

UNKNOWN_TARGET = Rule(
    code="config-unknown-target",
    message="there is no {kind} {name!r}{hint}",
    fix="use one of {known}",
    why="`svcgen targets` lists the languages and the protocols that this svcgen can generate.",
    example='definition = "calculator.yaml"\nprotocols = ["gprc"]\n',
)


@frozen
class Offer:
    """What this svcgen can generate, by name, in the order of the support matrix."""

    languages: tuple[str, ...]
    protocols: tuple[str, ...]


@frozen
class Settings:
    """What to generate, and where. Paths are as the user gave them, for the messages."""

    root: Path
    definition: Path
    languages: tuple[str, ...]
    protocols: tuple[str, ...]  # names only: "all" is expanded
    include: tuple[Path, ...] = ()  # folders in which imports are looked for
    lenient: bool = False  # small faults of somebody else's definition are warnings


def load(file: Path, offer: Offer, report: Report) -> Settings | None:
    """The settings in ``file``, or ``None`` with at least one error in ``report``."""
    report.inputs.append(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        report.add(NO_CONFIG, Span.at(str(file)), name=file.name, folder=str(file.parent))
        return None
    except UnicodeDecodeError as problem:
        report.add(BAD_TOML, Span.at(str(file)), problem=f"not UTF-8 at byte {problem.start}")
        return None
    return _Reader(file, text, report).settings(offer)


def chosen(
    names: Collection[str], known: tuple[str, ...], unknown: Callable[[str, str], None]
) -> tuple[str, ...]:
    """The known ones of ``names`` in the order of ``known``.

    Calls ``unknown`` with each other name and a hint at a near one.
    """
    for name in names:
        if name not in known and name != ALL:
            unknown(name, did_you_mean(name, (*known, ALL)))
    return known if ALL in names else tuple(name for name in known if name in names)


def _is_relative(path: str) -> bool:
    return path != "" and "\0" not in path and not Path(path).is_absolute()


class _Reader:
    def __init__(self, file: Path, text: str, report: Report) -> None:
        self._file = file
        self._text = text
        self._report = report

    def settings(self, offer: Offer) -> Settings | None:
        try:
            table = tomllib.loads(self._text.replace("\r\n", "\n"))
        except (tomllib.TOMLDecodeError, RecursionError) as problem:
            self._syntax(str(problem))
            return None
        for key in table.keys() - set(_KEYS):
            hint = did_you_mean(key, _KEYS)
            self._add(UNKNOWN_KEY, key, key=key, hint=hint, known=", ".join(_KEYS))
        definition = self._definition(table)
        languages = self._names(table, "languages", offer.languages)
        protocols = self._names(table, "protocols", offer.protocols)
        include, lenient = self._include(table), self._lenient(table)
        if definition is None or self._report.has_errors:
            return None
        root = self._file.parent
        folders = tuple(root / folder for folder in include)
        return Settings(root, root / definition, languages, protocols, folders, lenient)

    def _definition(self, table: dict[str, object]) -> str | None:
        if "definition" not in table:
            self._report.add(MISSING_KEY, Span.at(str(self._file)))
            return None
        path = table["definition"]
        if isinstance(path, str) and _is_relative(path):
            return path
        wanted, example = "a path relative to svcgen.toml", 'definition = "calculator.yaml"'
        self._add(BAD_VALUE, "definition", key="definition", wanted=wanted, example=example)
        return None

    def _include(self, table: dict[str, object]) -> list[str]:
        folders = table.get("include", [])
        if isinstance(folders, list) and all(
            isinstance(f, str) and _is_relative(f) for f in folders
        ):
            return folders
        wanted, example = "a list of paths relative to svcgen.toml", 'include = ["third_party"]'
        self._add(BAD_VALUE, "include", key="include", wanted=wanted, example=example)
        return []

    def _lenient(self, table: dict[str, object]) -> bool:
        lenient = table.get("lenient", False)
        if not isinstance(lenient, bool):
            wanted, example = "true or false", "lenient = true"
            self._add(BAD_VALUE, "lenient", key="lenient", wanted=wanted, example=example)
        return lenient is True

    def _names(self, table: dict[str, object], key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        names = table.get(key, [ALL])
        if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
            example = f'{key} = ["{known[0]}"]'
            self._add(
                BAD_VALUE, key, key=key, wanted="a list of one or more names", example=example
            )
            return ()

        def unknown(name: str, hint: str) -> None:
            listed = ", ".join((*known, ALL))
            facts = {"kind": key.removesuffix("s"), "name": name, "hint": hint, "known": listed}
            self._report.add(UNKNOWN_TARGET, self._span(key, name), **facts)

        return chosen(names, known, unknown)

    def _add(self, rule: Rule, at: str, /, **facts: object) -> None:
        self._report.add(rule, self._span(at), **facts)

    def _span(self, key: str, word: str = "") -> Span:
        """Where the key stands, or ``word`` after it; tomllib keeps no positions."""
        quoted = rf"""(?m)^[ \t]*(?:\[+[ \t]*)?["']?(?P<at>{re.escape(key)})(?=["'\s.=\]])"""
        found = re.search(quoted, self._text)
        if found is None:
            return Span.at(str(self._file))
        start, length = found.start("at"), len(key)
        if word and (at := self._text.find(word, found.end("at"))) >= 0:
            start, length = at, len(word)
        before = self._text[:start]
        column = start - (before.rfind("\n") + 1) + 1
        return Span.at(str(self._file), before.count("\n") + 1, column, length)

    def _syntax(self, problem: str) -> None:
        place = re.search(r" \(at line (\d+), column (\d+)\)$", problem)
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        if problem.endswith("(at end of document)"):
            line, column = self._text.count("\n") + 1, len(self._text.rpartition("\n")[2]) + 1
        message = problem.partition(" (at ")[0]
        span = Span.at(str(self._file), line, column)
        self._report.add(BAD_TOML, span, problem=message[:1].lower() + message[1:])
