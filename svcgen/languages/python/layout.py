"""Text that black and ruff leave unchanged: what fits on a line stays there, the rest is exploded.

An exploded bracket has one item a line and a trailing comma, which both formatters keep.
"""

from __future__ import annotations

from collections.abc import Sequence

from svcgen.frozen import frozen

WIDTH = 88


@frozen
class Group:
    """``head`` opens a bracket, ``tail`` closes it: ``Group("f(", ("a", "b"), ")")``."""

    head: str
    items: tuple[str | Group, ...]
    tail: str

    @property
    def flat(self) -> str:
        return self.head + ", ".join(flat(item) for item in self.items) + self.tail


def flat(item: str | Group) -> str:
    return item if isinstance(item, str) else item.flat


def lay_out(item: str | Group, indent: int = 0, after: str = "") -> str:
    """``item`` and then ``after`` at ``indent`` columns; the first line comes without its indent."""
    line = flat(item) + after
    fits = "\n" not in line and indent + len(line) <= WIDTH
    if fits or isinstance(item, str) or not item.items:
        return line
    inner = " " * (indent + 4)
    lines = [inner + lay_out(each, indent + 4, ",") for each in item.items]
    return "\n".join([item.head, *lines, " " * indent + item.tail + after])


def quote(text: str) -> str:
    """A string literal that no content can leave, with the quotes that need fewer escapes."""
    mark = "'" if text.count('"') > text.count("'") else '"'
    if text.isprintable() and mark not in text and "\\" not in text:
        return mark + text + mark
    escaped = "".join(_ESCAPES.get(char) or _escape(char, mark) for char in text)
    return mark + escaped + mark


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(char: str, mark: str) -> str:
    if char == mark:
        return "\\" + char
    if char.isprintable():
        return char
    code = ord(char)
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )


def docstring(text: str, indent: int) -> str:
    """The docstring of ``text``, its first line without the indent; empty for an empty text."""
    lines = _wrapped(text, WIDTH - indent - 4)
    if not lines:
        return ""
    if len(lines) == 1:
        return f'"""{_padded(lines[0])}"""'
    margin = " " * indent
    body = [margin + line if line else "" for line in lines[1:]]
    first = " " + lines[0] if lines[0].startswith('"') else lines[0]
    return "\n".join([f'"""{first}', *body, f'{margin}"""'])


def comment(text: str, indent: int) -> list[str]:
    """``text`` as comment lines without their indent."""
    return [f"# {line}".rstrip() for line in _lines(text, WIDTH - indent - 2)]


def _wrapped(text: str, width: int) -> list[str]:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return _lines(escaped, width)


def _lines(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns where words allow, without blank ones at either end."""
    lines: list[str] = []
    printable = map(_printable, text.expandtabs(4).splitlines())
    for line in "\n".join(printable).strip().split("\n"):
        if len(line) <= width:
            lines.append(line)
        else:
            lines += _wrap(line, width)
    return [line.rstrip() for line in lines] if any(lines) else []


def _wrap(line: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(
        line,
        max(20, width),
        subsequent_indent=" " * (len(line) - len(line.lstrip())),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _printable(line: str) -> str:
    if line.isprintable():
        return line.rstrip()
    return "".join(char if char.isprintable() else " " for char in line).rstrip()


def _padded(line: str) -> str:
    """Black sets a space between the quotes of a docstring and one of its own."""
    first = " " if line.startswith('"') else ""
    last = " " if line.endswith(('"', "\\")) else ""
    return first + line + last


def block(lines: Sequence[str], indent: int) -> str:
    """``lines`` joined, each after the first indented."""
    return ("\n" + " " * indent).join(lines)
