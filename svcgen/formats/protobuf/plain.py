"""The options that a .proto had, written as they were: protobuf's own, and those that svcgen knows.

What is not here, or would not be valid where it stands, is kept in another way (see ``keeping``).
The reader of .proto files is loaded only where there are such options: most definitions have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from svcgen.formats import Writing
from svcgen.formats.protobuf.keeping import EXTENSIONS, OPTIONS
from svcgen.formats.protobuf.scopes import SCALARS
from svcgen.formats.protobuf.shape import Label, ProtoField, ProtoFile, ScalarElement
from svcgen.model.numbers import MAX_FIELD
from svcgen.model.types import Literal, Meta

if TYPE_CHECKING:
    from svcgen.formats.protobuf.extensions import OptionField
    from svcgen.formats.protobuf.tree import Field

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

_NOBODYS = range(19000, 20000)
_WIDE = frozenset({"int64", "uint64", "sint64", "fixed64", "sfixed64"})
_TEXTS = frozenset({"string", "bytes"})
_AT_HAND = "google/protobuf/"
_IMPORT = re.compile(r'^import (?:public )?"([^"]+)";', re.MULTILINE)
_EXTENDS = re.compile(r"^extend google\.protobuf\.\w+Options \{", re.MULTILINE)


class PlainOptions:
    """Gives the options of declarations, and notes the files that declare them.

    Of those that other files declare only those are given that are written as well, or that svcgen
    has; in a generated project none.
    """

    def __init__(self, meta: Meta, writing: Writing, file: ProtoFile) -> None:
        self._file = file
        self._names = file.names
        self._common = writing.is_converted
        found = {name: each for name, each in _declared(meta) if self._is_sound(name, each)}
        self.declared = {name: each for name, each in found.items() if not each.origin}
        self._known = {
            name: each
            for name, each in found.items()
            if not each.origin or each.origin.removesuffix(".proto") in writing.tree
        }
        self.imports: set[str] = set()

    def _is_sound(self, name: str, option: OptionField) -> bool:
        """Whether the file can declare an option, or use that of another file."""
        from svcgen.formats.protobuf.library import bundled_names, options_file

        head = f"{self._file.package}." if self._file.package else ""
        fits = option.extends in options_file().option_types and option.name.isidentifier()
        if not fits or not (1 <= option.number <= MAX_FIELD) or option.number in _NOBODYS:
            return False
        if option.origin:
            return option.type in SCALARS
        if option.needs:
            names = bundled_names(option.needs) if self._common else {}
            return f"{head}{option.name}" == name and option.type[1:] in names.values()
        own = option.type.removeprefix(f".{head}")
        return f"{head}{option.name}" == name and (own in SCALARS or own in self._names)

    def of(
        self, kind: str, meta: Meta, more: Mapping[str, Literal], field: ProtoField | None = None
    ) -> Iterator[str]:
        """``name = value`` a setting; ``kind`` is File, Message and so on."""
        kept = meta.annotations.get(OPTIONS)
        given = {**(kept if isinstance(kept, Mapping) else {}), **more}
        for name in sorted(given, key=lambda name: (name.startswith("("), name)):
            option = self._option(kind, name, field)
            texts = _texts(option, given[name]) if option else []
            if option and texts and name.startswith("("):
                self.note(self._origin(name, option))
            yield from (f"{self._spelled(name)} = {text}" for text in texts)

    def note(self, imported: str) -> None:
        """Note that a file is needed; none where it is empty."""
        if imported:
            self.imports.add(imported)

    def _origin(self, name: str, option: Field) -> str:
        known = self._known.get(name.strip("()"))
        return known.origin if known else option.file.name if option.file else ""

    def files(self) -> dict[str, str]:
        """The files of the imports that not every tool has, and what these import."""
        if not self.imports:
            return {}
        from svcgen.formats.protobuf.library import BUNDLED

        found: dict[str, str] = {}
        waiting = list(self.imports)
        while waiting:
            name = waiting.pop()
            if name not in found and not name.startswith(_AT_HAND) and (BUNDLED / name).is_file():
                found[name] = (BUNDLED / name).read_text(encoding="utf-8")
                waiting += _IMPORT.findall(found[name])
        return found

    def _option(self, kind: str, name: str, field: ProtoField | None) -> Field | None:
        """What declares an option, if it can stand there."""
        if name.startswith("("):
            return self._extension(f"{kind}Options", name.strip("()"))
        if name not in _STANDARD.get(kind, ()) or (field and not _fits(name, field)):
            return None
        from svcgen.formats.protobuf.library import options_file

        return options_file().option_types[f"{kind}Options"].fields_by_name[name]

    def _extension(self, kind: str, name: str) -> Field | None:
        if name in self._known:
            known = self._known[name]
            return known.tree() if known.extends == kind else None
        option = _extensions().get(name) if self._common else None
        on = option.extended.name if option and option.extended else ""
        return option if on == kind else None

    def _spelled(self, name: str) -> str:
        hidden = name.strip("()").partition(".")[0] in self._file.heads
        return name.replace("(", "(.", 1) if hidden else name


def _declared(meta: Meta) -> Iterable[tuple[str, OptionField]]:
    """The options that the definition keeps the declarations of."""
    if EXTENSIONS not in meta.annotations:
        return ()
    from svcgen.formats.protobuf.extensions import option_fields

    return option_fields(meta)


def _texts(option: Field, value: Literal) -> list[str]:
    """The literals of an option, one a setting; none where a value cannot be said."""
    from svcgen.formats.protobuf.literals import Unsayable, literal

    items = value if option.label == "repeated" else [value]
    try:
        return [literal(option, item) for item in items] if isinstance(items, list) else []
    except Unsayable:
        return []


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
    """The options that bundled files declare, by their full names.

    Services lie in files of other names elsewhere, and a name can be declared but once.
    """
    from svcgen.formats.protobuf.library import BUNDLED, Library, bundled

    library = Library((BUNDLED,))
    names = (path.relative_to(BUNDLED).as_posix() for path in sorted(BUNDLED.rglob("*.proto")))
    others = (name for name in names if not name.startswith(_AT_HAND))
    declaring = (n for n in others if _EXTENDS.search((BUNDLED / n).read_text(encoding="utf-8")))
    files = (bundled(name, library) for name in declaring)
    found = (each for file in files if not file.services for each in file.all_extensions)
    return {each.full_name: each for each in found}
