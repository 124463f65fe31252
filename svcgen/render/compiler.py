"""Templates as plain Python: Jinja reads them, and each becomes a function of its view.

Jinja's own compiled form needs all of Jinja to run, and to import that takes as long as half of a
small generation. A template here holds no more than lays text out (loops, conditions, macros
and the filters of ``filters.py``), and that much of Python needs no help. A name or an attribute
that the view lacks is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from jinja2 import Environment, nodes

from svcgen import templates

Scope: TypeAlias = "Mapping[str, str]"
"""What the names that a template knows at some place are called in Python."""

_LOOP = {"first": "(index{0} == 0)", "last": "(index{0} == len(items{0}) - 1)"}
_INDENT = "    "
_READER = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)


def to_python(names: Sequence[str]) -> str:
    """The source of a module with ``TEMPLATES``: the function of each template by its name.

    Raises :class:`NotImplementedError` for what a template must not hold.
    """
    lines = [line for name in names for line in _Template(name).functions()]
    table = (f"{_INDENT}{name!r}: {_identifier(name)}," for name in names)
    imports = "from svcgen.render import filters"
    return "\n".join([imports, *lines, "TEMPLATES = {", *table, "}", ""])


def _parsed(name: str) -> nodes.Template:
    return _READER.parse((templates.ROOT / name).read_text(encoding="utf-8"), name)


def _identifier(*names: str) -> str:
    return "_".join(re.sub(r"\W", "_", name) for name in names)


class _Template:
    """Writes the functions of one template.

    Each loop has a number, and what it binds is named by it, so that no name hides another.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._parsed = _parsed(name)
        self._loops = 0

    def functions(self) -> Iterator[str]:
        """The lines of its macros' functions and of its own."""
        scope = {
            name: _identifier(source, name) for source, names in self._macros() for name in names
        }
        for macro in self._parsed.find_all(nodes.Macro):
            arguments = {each.name: f"_{each.name}" for each in macro.args}
            yield f"def {scope[macro.name]}({', '.join(arguments.values())}):"
            yield from self._function(macro.body, scope | arguments)
        yield f"def {_identifier(self._name)}(view):"
        yield from self._function(self._parsed.body, scope | {"view": "view"})

    def _macros(self) -> Iterator[tuple[str, Sequence[str]]]:
        """The names of macros that it may call, by the template that has them."""
        yield self._name, [macro.name for macro in self._parsed.find_all(nodes.Macro)]
        for taken in self._parsed.find_all(nodes.FromImport):
            yield taken.template.as_const(), [str(name) for name in taken.names]

    def _function(self, body: Iterable[nodes.Node], scope: Scope) -> Iterator[str]:
        yield f"{_INDENT}text = []"
        yield from self._block(body, scope, _INDENT)
        yield f"{_INDENT}return ''.join(text)"

    def _block(self, body: Iterable[nodes.Node], scope: Scope, indent: str) -> Iterator[str]:
        yield f"{indent}pass"
        for node in body:
            match node:
                case nodes.Output(nodes=parts):
                    texts = (_text(part, scope) for part in parts)
                    yield f"{indent}text += [{', '.join(texts)}]"
                case nodes.If():
                    yield from self._choice("if", node, scope, indent)
                case nodes.For(test=None, recursive=False):
                    yield from self._loop(node, scope, indent)
                case nodes.Macro(defaults=[]) | nodes.FromImport():
                    pass  # they are functions
                case _:
                    raise _refusal(node)

    def _choice(self, word: str, node: nodes.If, scope: Scope, indent: str) -> Iterator[str]:
        yield f"{indent}{word} {_value(node.test, scope)}:"
        yield from self._block(node.body, scope, indent + _INDENT)
        for other in node.elif_:
            yield from self._choice("elif", other, scope, indent)
        if node.else_:
            yield f"{indent}else:"
            yield from self._block(node.else_, scope, indent + _INDENT)

    def _loop(self, node: nodes.For, scope: Scope, indent: str) -> Iterator[str]:
        self._loops += 1
        number = str(self._loops)
        targets = {name.name: f"{name.name}_{number}" for name in _names(node.target)}
        unpacked = ", ".join(targets.values())
        yield f"{indent}items{number} = list({_value(node.iter, scope)})"
        yield f"{indent}for index{number}, ({unpacked}) in enumerate(items{number}):"
        inside = {**scope, **targets, "loop": number}
        yield from self._block(node.body, inside, indent + _INDENT)
        if node.else_:
            yield f"{indent}if not items{number}:"
            yield from self._block(node.else_, scope, indent + _INDENT)


def _names(target: nodes.Node) -> list[nodes.Name]:
    return [target] if isinstance(target, nodes.Name) else list(target.find_all(nodes.Name))


def _text(node: nodes.Node, scope: Scope) -> str:
    if isinstance(node, nodes.TemplateData):
        return repr(node.data)
    return f"str({_value(node, scope)})"


def _value(node: nodes.Node, scope: Scope) -> str:
    """An expression, in brackets wherever it may stand inside another."""

    def of(*parts: nodes.Node) -> str:
        return ", ".join(_value(part, scope) for part in parts)

    match node:
        case nodes.Const(value=value):
            return repr(value)
        case nodes.Name(name=name) if name in scope:
            return scope[name]
        case nodes.Getattr(node=nodes.Name(name="loop"), attr=attribute) if attribute in _LOOP:
            return _LOOP[attribute].format(scope["loop"])
        case nodes.Getattr(node=owner, attr=attribute):
            return f"{of(owner)}.{attribute}"
        case nodes.Call(node=called, args=arguments, kwargs=[]):
            return f"{of(called)}({of(*arguments)})"
        case nodes.Filter(node=nodes.Expr() as filtered, name=name, args=arguments, kwargs=[]):
            return f"filters.{name}({of(filtered, *arguments)})"
    return f"({_operation(node, of)})"


def _operation(node: nodes.Node, of: Callable[[nodes.Node], str]) -> str:
    match node:
        case nodes.Not(node=denied):
            return f"not {of(denied)}"
        case nodes.BinExpr(left=left, right=right, operator=operator):
            return f"{of(left)} {operator} {of(right)}"
        case nodes.CondExpr(test=test, expr1=one, expr2=other):
            return f"{of(one)} if {of(test)} else {of(other) if other else repr('')}"
    raise _refusal(node)


def _refusal(node: nodes.Node) -> NotImplementedError:
    return NotImplementedError(f"line {node.lineno} of a template: {node}")
