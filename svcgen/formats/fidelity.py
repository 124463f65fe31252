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
    plain: Verdict = Verdict.CHANGED  # of a file that carries nothing beside what the form says


def kept(how: str) -> Said:
    """Something near to it stands there."""
    return Said(Verdict.KEPT, how)


def noted(how: str) -> Said:
    """It stands there in words of svcgen's own."""
    return Said(Verdict.KEPT, how, plain=Verdict.KEPT)


def left_out(how: str = "nothing", instead: str = "") -> Said:
    """No other reader sees anything of it."""
    return Said(Verdict.KEPT, how, instead, Verdict.LOST)
