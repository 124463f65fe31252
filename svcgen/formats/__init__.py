"""Definitions and their written forms: one folder a format, each with a constant ``FORMAT``.

To add a format, add a folder whose ``__init__`` declares it; import its parts inside its functions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats.fidelity import Said
from svcgen.frozen import EMPTY, frozen
from svcgen.model.bindings import Bound
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api, Service


@frozen
class Sources:
    """How files are read."""

    include: tuple[Path, ...] = ()  # folders in which imports are looked for beside the file's own
    lenient: bool = False  # small faults of somebody else's file are warnings


AS_THEY_ARE = Sources()
"""The file and what it names, and no fault let pass."""


@frozen
class Inherited:
    """The service that another extends, and by its path without a suffix the file that declares it:
    the methods of the other begin with all of its own.
    """

    file: str
    service: Service


@frozen
class Writing:
    """What a written form holds beside its declarations.

    ``kept`` gives, by the key of a declaration (see ``conversion.keeping``), a text that goes into
    the form's own extension point on that declaration; a reader gives it back as the annotation
    ``KEPT``. ``elsewhere`` gives, by the name of a type or error, the file that declares it,
    without a suffix, where a tree of files is written; it is named there and not declared again.
    ``inherited`` gives the same for services, by what these extend.
    ``place`` is the path of the file itself in that tree, without a suffix.
    Nothing of this is so in a generated project, whose schemas need nothing else.
    """

    kept: Mapping[str, str] = EMPTY
    elsewhere: Mapping[str, str] = EMPTY
    inherited: Mapping[str, Inherited] = EMPTY
    place: str = ""
    tree: frozenset[str] = frozenset()  # all files that are written, as far as they were asked for
    is_converted: bool = False  # the form's own common files are at hand: named, and not copied


def flat_name(path: str) -> str:
    """The name of a file, given by its path in a tree, where all of them lie in one folder and
    mention each other by names of letters, digits and underscores.
    """
    name = re.sub(r"\W", "_", path, flags=re.ASCII)
    return f"_{name}" if name[:1].isdigit() else name


HEADER = "x-header"
"""The annotation of a definition that holds what is above its first word: a licence, most often."""

KEPT = "x-svcgen"
"""The annotation that holds a declaration as the definition language writes it."""

FILE = "x-svcgen-file"
"""The first key of a whole file's text that says where the file was before it became flat."""

_FORMER = re.compile(rf'\{{{FILE}: ("(?:[^"\\]|\\.)*"|[^",}}]+)[,}}]')


def former_path(text: str) -> str:
    """Where a file was, by the text that is kept of it: a path below a folder without a suffix.

    It is empty where the text says nothing, or no such path.
    """
    found = _FORMER.match(text)
    if found is None:
        return ""
    said = found[1]
    path = str(json.loads(said)) if said.startswith('"') else said
    parts = path.split("/")
    return "" if {"", ".", ".."} & {*parts} or "\\" in path or "\0" in path else path


@frozen
class Format:
    """``read`` gives ``None`` where a file is too broken to model, with the reasons in the report.

    ``write`` gives the files of the form, by their paths below ``schemas/``, of a definition as one
    protocol sees it, the definition's own first. ``served`` gives those that a running server
    shows, by their names.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]  # of its files, with the dot; the first is the usual one
    roots: tuple[str, ...] = ()  # keys of a file, one of which tells it from other forms' files
    read: Callable[[Path, Report, Sources], Api | None] | None = None
    write: Callable[[Bound, Writing], Mapping[str, str | PlannedFile]] | None = None
    served: Callable[[Bound], Mapping[str, str | PlannedFile]] | None = None
    fidelity: Callable[[], Mapping[str, Said]] | None = None  # by construct; absent ones are said
    numbered: bool = False  # it says the numbers of fields
    complete: bool = False  # it says everything that a model holds
    whole: bool = False  # it is read from the whole definition, which a converted file carries
    at_hand: str = ""  # the folder of the files that every tool of the form has
    beside: str = ""  # the file that lies below what is converted, and is no definition
    flat: Callable[[Path], str] | None = None  # files lie in one folder; where one was before
    imports: Callable[[Path], Iterable[str]] | None = None  # paths of others, from their root
    extended: Callable[[Service], str] | None = None  # what one extends there: path.Service

    @property
    def word(self) -> str:
        """What a command line calls it: ``proto`` for .proto files."""
        ending = self.suffixes[0].removeprefix(".")
        return self.name if "." in ending else ending

    def stem(self, file: str) -> str:
        """The name of a file of the form without its suffix."""
        endings = [suffix for suffix in self.suffixes if file.lower().endswith(suffix)]
        return file[: -max(map(len, endings), default=0) or None]
