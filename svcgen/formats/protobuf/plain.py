"""The options that a .proto had, written as they were: protobuf's own, and those that svcgen knows.

What is not here, or would not be valid where it stands, is kept in another way (see ``keeping``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from svcgen.formats.protobuf.facts import OPTIONS
from svcgen.formats.protobuf.library import BUNDLED, Library, bundled, options_file
from svcgen.formats.protobuf.literals import Unsayable, literal
from svcgen.formats.protobuf.shape import Label, ProtoField, ScalarElement
from svcgen.formats.protobuf.tree import Field
from svcgen.model.types import Literal, Meta

_STANDARD = {
    "File": frozenset(
        "java_package java_outer_classname java_multiple_files java_string_check_utf8 optimize_for"
        " go_package cc_enable_arenas objc_class_prefix csharp_namespace swift_prefix"
        " php_class_prefix php_namespace php_metadata_namespace ruby_package".split()
    ),
    "Field": frozenset({"debug_redact", "ctype", "jstype", "lazy", "packed"}),
    "EnumValue": frozenset({"debug_redact"}),
}
"""Options of protobuf itself that proto3 takes, by what they are on."""

_WIDE = frozenset({"int64", "uint64", "sint64", "fixed64", "sfixed64"})
_TEXTS = frozenset({"string", "bytes"})
_AT_HAND = "google/protobuf/"
_IMPORT = re.compile(r'^import (?:public )?"([^"]+)";', re.MULTILINE)
_EXTENDS = re.compile(r"^extend google\.protobuf\.\w+Options \{", re.MULTILINE)


class PlainOptions:
    """Gives the options of declarations, and notes the files that declare them.

    ``heads`` are the first parts of names that mean something else in the file. Without ``foreign``
    only protobuf's own are given, which need no file.
    """

    def __init__(self, heads: frozenset[str], *, foreign: bool) -> None:
        self._heads = heads
        self._foreign = foreign
        self.imports: set[str] = set()

    def of(
        self, kind: str, meta: Meta, more: Mapping[str, Literal], field: ProtoField | None = None
    ) -> Iterator[str]:
        """``name = value`` a setting; ``kind`` is File, Message and so on."""
        kept = meta.annotations.get(OPTIONS)
        given = {**(kept if isinstance(kept, Mapping) else {}), **more}
        for name in sorted(given, key=lambda name: (name.startswith("("), name)):
            value = given[name]
            option = self._option(kind, name, field)
            if option is None:
                continue
            repeated = option.label == "repeated"
            try:
                texts = [literal(option, v) for v in _items(value, repeated)]
            except Unsayable:
                continue
            if name.startswith("("):
                assert option.file is not None
                self.imports.add(option.file.name)
            yield from (f"{self._spelled(name)} = {text}" for text in texts)

    def files(self) -> dict[str, str]:
        """The files of the imports that not every tool has, and what these import."""
        found: dict[str, str] = {}
        waiting = list(self.imports)
        while waiting:
            name = waiting.pop()
            if name not in found and not name.startswith(_AT_HAND):
                found[name] = (BUNDLED / name).read_text(encoding="utf-8")
                waiting += _IMPORT.findall(found[name])
        return found

    def _option(self, kind: str, name: str, field: ProtoField | None) -> Field | None:
        """What declares an option, if it can stand there."""
        if name.startswith("("):
            option = _extensions().get(name.strip("()")) if self._foreign else None
            on = option.extended.name if option and option.extended else ""
            return option if on == f"{kind}Options" else None
        if name not in _STANDARD.get(kind, ()) or (field and not _fits(name, field)):
            return None
        return options_file().option_types[f"{kind}Options"].fields_by_name[name]

    def _spelled(self, name: str) -> str:
        hidden = name.strip("()").partition(".")[0] in self._heads
        return name.replace("(", "(.", 1) if hidden else name


def _items(value: Literal, repeated: bool) -> Iterable[Literal]:
    if not repeated:
        return [value]
    if not isinstance(value, list) or not value:
        raise Unsayable
    return value


def _fits(option: str, field: ProtoField) -> bool:
    """Whether a field is of a type that may have the option."""
    element = field.element
    scalar = element.proto if isinstance(element, ScalarElement) else ""
    match option:
        case "jstype":
            return scalar in _WIDE
        case "ctype":
            return scalar in _TEXTS
        case "packed":
            several = field.label is Label.REPEATED
            return several and bool(scalar) and "." not in scalar and scalar not in _TEXTS
        case "lazy":
            return not scalar and field.label is not Label.MAP
        case _:
            return True


@cache
def _extensions() -> Mapping[str, Field]:
    """The options that bundled files declare, by their full names."""
    library = Library((BUNDLED,))
    names = (path.relative_to(BUNDLED).as_posix() for path in sorted(BUNDLED.rglob("*.proto")))
    others = (name for name in names if not name.startswith(_AT_HAND))
    declaring = (n for n in others if _EXTENDS.search((BUNDLED / n).read_text(encoding="utf-8")))
    files = (bundled(name, library) for name in declaring)
    return {each.full_name: each for file in files for each in file.all_extensions}
