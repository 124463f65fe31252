"""Ordering what builds on others (imports, mixins) so that each comes after what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from svcgen.formats.neutral.types import Mention

Needs = Mapping[str, Iterable[Mention]]

_Cycle = Callable[[Mention, list[str]], None]


def ordered(needs: Needs, on_cycle: _Cycle) -> list[str]:
    """The names so that needs come first, each otherwise in its place.

    A mention that closes a cycle is left out; ``on_cycle`` gets it with the names on the cycle.
    Needs that are no names of the graph are left out too. Chains may be of any length.
    """
    done: dict[str, None] = {}
    for root in needs:
        if root not in done:
            _visit(root, needs, done, on_cycle)
    return list(done)


def _visit(root: str, needs: Needs, done: dict[str, None], on_cycle: _Cycle) -> None:
    open_names = {root: iter(needs[root])}
    while open_names:
        name = next(reversed(open_names))
        mention = next(open_names[name], None)
        if mention is None:
            del open_names[name]
            done[name] = None
        elif mention.name in open_names:
            names = list(open_names)
            on_cycle(mention, [*names[names.index(mention.name) :], mention.name])
        elif mention.name in needs and mention.name not in done:
            open_names[mention.name] = iter(needs[mention.name])
