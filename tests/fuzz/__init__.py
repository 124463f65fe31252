"""Mutated messages against generated servers: one module a protocol, seeded, as long as one likes.

``python -m tests.fuzz [MODULE…] [--messages N] [--seed N]`` runs those of all protocols, or of the
modules named. A module has ``async def attack(count, random)``, which raises ``AssertionError`` if
a server dies, hangs, leaks, or answers what is no answer; the tests call it with fewer messages.
"""
