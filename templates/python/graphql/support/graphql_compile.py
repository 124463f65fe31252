"""Makes one function of a selection: attributes in, a dict out, checked as it goes.

The text that is compiled has nothing of a query but names, which the grammar of GraphQL
keeps to letters, digits and underscores; values come in as arguments of the function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from .graphql_project import finite
from .graphql_schema import Convert, Source
from .graphql_types import UnusualError


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes of one key: a constant, or the value of a field.

    ``check`` is ``Int`` or ``Float`` where the value is one of them, which need no call.
    """

    key: str
    constant: str | None = None
    source: Source | None = None
    never_null: bool = False
    check: str = ""
    convert: Convert | None = None


_CHECKS = {
    "Int": "v{n}.__class__ is not int or not -2147483648 <= v{n} <= 2147483647",
    "Float": "v{n}.__class__ is not float or v{n} - v{n} != 0.0",
}


def compiled(parts: Sequence[Part]) -> Convert:
    """The function of a selection; raises ``UnusualError`` for what is not as declared."""
    names: dict[str, Any] = {"unusual": _unusual, "finite": finite}
    lines = ["def project(o):"]
    items = []
    for number, part in enumerate(parts):
        if not part.key.isidentifier():
            raise ValueError(part.key)
        if part.source is None:
            items.append(f"{part.key!r}: {part.constant!r}")
        else:
            items.append(f"{part.key!r}: v{number}")
            lines += _lines(number, part, part.source, names)
    lines.append(f"    return {{{', '.join(items)}}}")
    module = compile("\n".join(lines), "<query>", "exec")
    [code] = [each for each in module.co_consts if isinstance(each, CodeType)]
    project: Convert = FunctionType(code, names)
    return project


def _lines(n: int, part: Part, source: Source, names: dict[str, Any]) -> Sequence[str]:
    place = source.place
    read = f"o[{place}]" if isinstance(place, int) else f"o.{place}"
    lines = [f"    v{n} = {read}"]
    if part.convert is not None:
        names[f"c{n}"] = part.convert
        if not part.never_null:
            lines.append(f"    if v{n} is not None:")
        lines.append(f"    {'' if part.never_null else '    '}v{n} = c{n}(v{n})")
    elif part.check:
        test = _CHECKS[part.check].format(n=n)
        test = test if part.never_null else f"v{n} is not None and ({test})"
        repair = "finite" if part.check == "Float" else "unusual"
        lines += [f"    if {test}:", f"        v{n} = {repair}(v{n})"]
    elif part.never_null:
        lines += [f"    if v{n} is None:", f"        unusual(v{n})"]
    return lines


def _unusual(_value: Any) -> Any:
    raise UnusualError("is not as declared")
