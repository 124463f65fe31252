"""Documentation as the compiler cleans it: stars, indentation and empty ends go."""

from __future__ import annotations

_BLANK = " \t"


def clean(body: str | None) -> str:
    """The text of what is inside of ``/** … */``, its lines without what only draws the box."""
    if body is None:
        return ""
    lines = f"{body} ".split("\n")
    if not lines[-1].strip(_BLANK):
        lines.pop()
    if not lines:
        return ""
    rest = _without_margin(_without_stars(lines[1:]))
    found = [line.rstrip(_BLANK) for line in (lines[0].lstrip(_BLANK), *rest)]
    return "\n".join(found if found[0] else found[1:])


def _without_stars(lines: list[str]) -> list[str]:
    """If every line that is not blank has a star in the same column, what is behind the stars."""
    column = -1
    kept = list(lines)
    for number, line in enumerate(lines):
        stripped = line.lstrip(_BLANK)
        indent = len(line) - len(stripped)
        if not stripped:
            kept[number] = ""
        elif stripped[0] != "*" or column not in (-1, indent):
            return kept
        else:
            column = indent
    return [line[column + 1 :] for line in kept]


def _without_margin(lines: list[str]) -> list[str]:
    """Without the indentation that all lines share."""
    indents = [len(line) - len(line.lstrip(_BLANK)) for line in lines if line.strip(_BLANK)]
    margin = min(indents, default=0)
    return [line[margin:] for line in lines]
