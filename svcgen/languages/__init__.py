"""What code is emitted: one folder a language, each with a constant ``LANGUAGE``. Names no protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from svcgen.diagnostics import Report
from svcgen.frozen import frozen
from svcgen.model.bindings import Bound
from svcgen.model.plan import HandlerClass, PlannedFile
from svcgen.model.service import Api


@frozen
class TargetFacts:
    """What a language must know of a protocol to plan its target: names and wire facts, all data."""

    protocol: str
    title: str
    schemes: tuple[str, ...]
    default_port: int
    codec: str
    bound: Bound
    served: Mapping[str, str | PlannedFile]  # schema files that the running server shows, by name


@frozen
class Language:
    name: str
    title: str
    plan: Callable[[Api, Sequence[TargetFacts], str], list[PlannedFile]]
    """``plan(api, targets, source)``: every file below ``<language>/``; ``source`` is the definition's name."""
    append_stubs: Callable[[str, str, Sequence[HandlerClass], Report], str]
    """``append_stubs(source, path, classes, report)``: the user's file with the methods and classes that
    it lacks; unchanged, with a finding at ``path``, if it cannot be read.
    """
