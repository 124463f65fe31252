"""How true a form is to a definition: for each construct what becomes of it there."""

from __future__ import annotations

from enum import StrEnum

from svcgen.frozen import frozen


class Verdict(StrEnum):
    """From nothing to report to the worst."""

    SAME = "same"  # the form has a word for it
    KEPT = "kept"  # other readers see something else; the form carries the original
    CHANGED = "changed"  # something near to it, from which the original cannot be told
    LOST = "lost"


@frozen
class Said:
    """What a form makes of a construct. Both texts are clauses; ``instead`` is what to do."""

    verdict: Verdict
    how: str
    instead: str = ""


def kept(how: str, instead: str = "") -> Said:
    return Said(Verdict.KEPT, how, instead)


def changed(how: str, instead: str = "") -> Said:
    return Said(Verdict.CHANGED, how, instead)


def lost(how: str, instead: str = "") -> Said:
    return Said(Verdict.LOST, how, instead)
