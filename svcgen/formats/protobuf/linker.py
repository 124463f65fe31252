"""Names -> what they name: types of fields, extended messages, requests and responses."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from svcgen.diagnostics import Report, Rule, did_you_mean
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.fields import SCALARS
from svcgen.formats.protobuf.symbols import Symbols, file_of
from svcgen.formats.protobuf.tree import Enum, Field, File, Message, Method


class Linker:
    """Fills in the targets of one file; what names nothing is reported."""

    def __init__(
        self, file: File, symbols: Symbols, report: Report, known: Callable[[], Iterable[File]]
    ) -> None:
        self._file = file
        self._symbols = symbols
        self._report = report
        self._known = known  # the files that it needs, for hints at what was meant

    def link(self) -> None:
        file = self._file
        for message in file.all_messages:
            for field in message.fields:
                self._field(field, message.full_name)
        for extension in file.all_extensions:
            self._extension(extension, extension.full_name.rpartition(".")[0])
        for service in file.services:
            for method in service.methods:
                self._method(method)

    def _field(self, field: Field, scope: str) -> None:
        if field.group is not None:
            field.target = field.group
            return
        if field.key and field.key not in SCALARS:
            self._key(field, scope)
        if field.type not in SCALARS:
            field.target = self._type(field.type, scope, field.type_at, "message or enum")

    def _key(self, field: Field, scope: str) -> None:
        found = self._type(field.key, scope, field.key_at, "message or enum")
        if found is not None:
            kind = "an enum" if isinstance(found, Enum) else "a message"
            self._add(rules.MAP_KEY, field.type_at, name=field.name, kind=kind)

    def _extension(self, field: Field, scope: str) -> None:
        self._field(field, scope)
        found = self._type(field.extendee, scope, field.extendee_at, "message")
        field.extended = found if isinstance(found, Message) else None

    def _method(self, method: Method) -> None:
        for request in (True, False):
            name = method.request if request else method.response
            at = method.request_at if request else method.response_at
            found = self._type(name, method.full_name.rpartition(".")[0], at, "message")
            if not isinstance(found, Message):
                continue
            if request:
                method.request_type = found
            else:
                method.response_type = found

    def _type(self, name: str, scope: str, at: int, wanted: str) -> Message | Enum | None:
        """The type that a name means inside of ``scope``."""
        types_only = "enum" in wanted
        found = self._symbols.lookup(name, scope, self._file, types_only)
        if isinstance(found, Message) or (isinstance(found, Enum) and types_only):
            if self._is_hidden(found):
                where = found.file.name if found.file else ""
                self._add(rules.HIDDEN, at, name=name, file=where)
            return found
        if isinstance(found, str):
            self._add(rules.UNDEFINED, at, name=name, hint=self._hint(name, found))
        else:
            self._add(rules.NOT_A_TYPE, at, name=name, wanted=wanted)
        return None

    def _add(self, rule: Rule, at: int, **facts: str) -> None:
        self._report.add(rule, self._file.tokens.span(at), **facts)

    def _is_hidden(self, found: Message | Enum) -> bool:
        home = found.file
        if home is None or home is self._file or home.syntax != "2024":
            return False
        if found.visibility:
            return found.visibility == "local"
        way = found.features.get("default_symbol_visibility", "EXPORT_TOP_LEVEL")
        return way in ("LOCAL_ALL", "STRICT") or (
            way == "EXPORT_TOP_LEVEL" and found.parent is not None
        )

    def _hint(self, name: str, taken_for: str) -> str:
        if taken_for:
            return f": it is taken for {taken_for!r}; begin it with a dot to look from outside"
        declared = self._elsewhere(name)
        if declared:
            return f": {declared!r} does, and is not imported"
        if not self._report.is_short:
            return ""
        known = (
            declared.name
            for file in self._known()
            for declared in (*file.all_messages, *file.all_enums)
        )
        return did_you_mean(name, known)

    def _elsewhere(self, name: str) -> str:
        """The file that defines a name without being imported."""
        bare = name.removeprefix(".")
        scope = self._file.package
        known = set(self._known())
        while True:
            symbol = self._symbols.table.get(f"{scope}.{bare}" if scope else bare)
            if symbol is not None and symbol.file in known:
                return file_of(symbol).name
            if not scope:
                return ""
            scope = scope.rpartition(".")[0]
