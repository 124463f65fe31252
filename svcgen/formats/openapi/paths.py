"""Paths as OpenAPI can say them: a parameter is one segment or less (OpenAPI 3.1, 4.8.8.2).

A variable that holds several segments is written out, ``/v1/{name=projects/*/topics/*}`` as
``/v1/projects/{project}/topics/{topic}``; each wildcard is named after the segment before it.
"""

from __future__ import annotations

from functools import cache

from svcgen.frozen import frozen
from svcgen.model.http_paths import Variable, template


@frozen
class Part:
    """What stands for one wildcard of a variable."""

    name: str
    variable: Variable
    is_deep: bool  # any number of segments

    def parameter(self) -> dict[str, object]:
        """The parameter of an operation."""
        text = f"A part of `{self.variable.name}`, which is `{self.variable.pattern}`."
        if self.is_deep:
            text += (
                " It may hold slashes, which are not encoded, or be left out with the one before."
            )
        schema = {"type": "string", "minLength": 1}
        return {
            "name": self.name,
            "in": "path",
            "required": True,
            "description": text,
            "schema": schema,
        }


@cache
def expanded(path: str) -> tuple[str, dict[str, list[Part]]]:
    """The path with one parameter a wildcard, and what stands for each variable of several segments."""
    parts = template(path)
    taken = {part.name for part in parts if isinstance(part, Variable) and not part.pattern}
    held: dict[str, list[Part]] = {}
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        elif not part.pattern:
            texts.append(f"{{{part.name}}}")
        else:
            held[part.name] = _parts(part, taken)
            names = iter(held[part.name])
            segments = part.pattern.split("/")
            texts.append("/".join(f"{{{next(names).name}}}" if "*" in s else s for s in segments))
    return "".join(texts), held


def _parts(variable: Variable, taken: set[str]) -> list[Part]:
    found: list[Part] = []
    before = ""
    for segment in variable.pattern.split("/"):
        if "*" in segment:
            found.append(
                Part(_free(_singular(before) or "segment", taken), variable, segment == "**")
            )
        before = segment.strip("*")
    return found


def _singular(word: str) -> str:
    """``projects`` -> ``project``, ``policies`` -> ``policy``; what is no plural stays."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _free(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}{count}"
    taken.add(name)
    return name
