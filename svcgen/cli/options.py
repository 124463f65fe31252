"""The options that several commands have, the same for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

_Command = TypeVar("_Command", bound=Callable[..., Any])

FORMATS = ("text", "json", "github")


class _Names(click.ParamType[tuple[str, ...]]):
    """Names from the registry, separated by commas; ``all`` is every one."""

    name = "names"

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, ...]:
        """The names in the registry's order, each once."""
        from svcgen.config import chosen

        def unknown(name: str, hint: str) -> None:
            listed = ", ".join((*known, "all"))
            self.fail(f"there is no {self._kind} {name!r}{hint} (use one of {listed})", param, ctx)

        if isinstance(value, tuple):
            return value
        known = self._known()
        names = [name.strip() for name in value.split(",") if name.strip()]
        if not names:
            self.fail(f"name at least one {self._kind}", param, ctx)
        return chosen(names, known, unknown)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        before, comma, last = incomplete.rpartition(",")
        names = (name for name in (*self._known(), "all") if name.startswith(last))
        return [CompletionItem(before + comma + name) for name in names]

    def _known(self) -> tuple[str, ...]:
        from svcgen import registry

        return tuple(registry.protocols() if self._kind == "protocol" else registry.languages())


def format_option(command: _Command) -> _Command:
    return click.option(
        "--format",
        "style",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="How findings are shown: text on stderr, json or GitHub annotations on stdout.",
    )(command)


def protocol_option(command: _Command) -> _Command:
    text = "Protocols, separated by commas."
    return _option("--protocol", "protocol", text)(command)


def language_option(command: _Command) -> _Command:
    return _option("--lang", "language", "Languages, separated by commas.")(command)


def include_option(command: _Command) -> _Command:
    return click.option(
        "-I",
        "--include",
        type=click.Path(file_okay=False),
        multiple=True,
        metavar="DIR",
        help="A folder in which imports are looked for; as often as needed.",
    )(command)


def lenient_option(command: _Command) -> _Command:
    text = "Read a GraphQL schema that is not valid; each fault is a warning."
    return click.option("--lenient", is_flag=True, help=text)(command)


def _option(flag: str, kind: str, text: str) -> Callable[[_Command], _Command]:
    return click.option(
        flag, kind, type=_Names(kind), default="all", show_default=True, metavar="NAMES", help=text
    )
