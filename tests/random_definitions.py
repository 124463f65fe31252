"""Definitions made at random: every type and presence, names of every length; the same for one seed."""

from __future__ import annotations

import random

SCALARS = (
    "bool int8 int32 int64 uint8 uint32 uint64 float32 float64 decimal string bytes timestamp date"
    " time duration uuid"
).split()
LENGTHS = (3, 8, 15, 22, 30, 38, 45, 55, 70, 85, 200)
PRESENCES = ("", ", optional: true", ", nullable: true", ", optional: true, nullable: true")


class Definition:
    """``Definition(seed).text``: structs, enums, a union and a service that mention each other."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.structs = [self._pascal() for _ in range(4)]
        self.enums = [self._pascal() for _ in range(2)]
        self.union = self._pascal()
        lines = ["svcgen: 1", "package: random.made", "types:"]
        for struct in self.structs:
            fields = [self._field() for _ in range(self._random.randint(0, 7))]
            lines += [f"  {struct}:", "    fields:" + ("" if fields else " {}"), *fields]
        for enum in self.enums:
            values = ", ".join(self._snake().upper() for _ in range(3))
            lines.append(f"  {enum}: {{enum: [{values}]}}")
        lines += [f"  {self.union}:", "    union:"]
        members = ("int32", "list<string>", "any", *self.structs)
        lines += [f'      {self._snake()}: "{self._pick(members)}"' for _ in range(3)]
        lines += ["services:", f"  {self._pascal()}:", "    methods:"]
        lines += [self._method() for _ in range(4)]
        self.text = "\n".join(lines) + "\n"

    def _pick(self, choices: tuple[str, ...] | list[str]) -> str:
        return self._random.choice(choices)

    def _words(self) -> list[str]:
        length, words = self._random.choice(LENGTHS), ["q"]
        while sum(map(len, words)) < length:
            words.append("".join(self._pick("abcdefghijkl") for _ in range(5)))
        return [*words, f"z{self._random.randrange(10**6)}"]

    def _snake(self) -> str:
        return "_".join(self._words())

    def _pascal(self) -> str:
        return "".join(word.title() for word in self._words())

    def _type(self, depth: int = 0) -> str:
        chance = self._random.random()
        if chance < 0.45 or depth > 2:
            return self._pick(SCALARS)
        if chance < 0.6:
            return self._pick([*self.structs, *self.enums])
        if chance < 0.75:
            return f"list<{self._type(depth + 1)}>"
        if chance < 0.8:
            return f"set<{self._pick(['int32', 'string', 'uuid', 'float64', *self.enums])}>"
        if chance < 0.92:
            key = self._pick(["string", "int64", "bool", "uuid", "date", "timestamp", *self.enums])
            return f"map<{key}, {self._type(depth + 1)}>"
        return f"list<{self._pick(SCALARS)}|null>"

    def _field(self) -> str:
        kind = self._type()
        presence = ", optional: true" if kind in self.structs else self._pick(PRESENCES)
        return f'      {self._snake()}: {{type: "{kind}"{presence}}}'

    def _method(self) -> str:
        asked = self._pick(["", "stream "]) + self._pick(self.structs)
        answered = self._pick(["", "stream "]) + self._type()
        return f'      {self._snake()}: {{input: "{asked}", output: "{answered}"}}'
