"""Which things need each other in a circle."""

from __future__ import annotations

from collections.abc import Mapping


def circles(needs: Mapping[str, set[str]]) -> dict[str, int]:
    """The number of each one's circle: its strongly connected component, itself at least."""
    users: dict[str, list[str]] = {name: [] for name in needs}
    for name, needed in needs.items():
        for other in needed:
            users[other].append(name)
    found: dict[str, int] = {}
    for number, name in enumerate(reversed(_finished(needs))):
        if name in found:
            continue
        found[name] = number
        waiting = [name]
        while waiting:
            for user in users[waiting.pop()]:
                if user not in found:
                    found[user] = number
                    waiting.append(user)
    return found


def _finished(needs: Mapping[str, set[str]]) -> list[str]:
    """The names in the order in which a walk in depth leaves them."""
    done: dict[str, None] = {}
    seen: set[str] = set()
    for start in needs:
        path = [] if start in seen else [(start, iter(sorted(needs[start])))]
        seen.add(start)
        while path:
            name, ahead = path[-1]
            other = next((each for each in ahead if each not in seen), None)
            if other is None:
                done[name] = None
                path.pop()
            else:
                seen.add(other)
                path.append((other, iter(sorted(needs[other]))))
    return list(done)
