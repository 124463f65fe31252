"""Options that .proto files declare for themselves: read, kept, and written as they were.

The annotation ``x-protobuf-extensions`` has them by their full names. Those that a file of the
definition's own tree declares have its path under ``from``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from svcgen.formats.protobuf.facts import doc_of
from svcgen.formats.protobuf.interpreter import OPTIONS
from svcgen.formats.protobuf.keeping import EXTENSIONS
from svcgen.formats.protobuf.library import Reading, is_bundled
from svcgen.formats.protobuf.tree import Field, File
from svcgen.frozen import EMPTY, frozen
from svcgen.model.types import Literal, Meta


@frozen
class OptionField:
    """What declares an option."""

    name: str
    extends: str  # FieldOptions and so on
    type: str  # a scalar, or with a dot before it the full name of a message or enum
    number: int
    repeated: bool
    doc: str
    needs: str  # the import that has the type; empty: none
    origin: str  # the import that has the option; empty: it is declared here

    def tree(self) -> Field | None:
        """As a reader sees it, if its values are scalars."""
        if self.type.startswith("."):
            return None
        field = Field(self.name, 0, 0)
        field.type, field.label = self.type, "repeated" if self.repeated else ""
        return field


def kept_extensions(reading: Reading) -> dict[str, Literal]:
    """The annotation of a file; empty where there is nothing to keep."""
    main = reading.main
    imported = {each.path for each in main.imports}
    files = (f for f in reading.files if f is main or (f.name in imported and not _is_common(f)))
    found: dict[str, Literal] = {}
    for file in files:
        for extension in file.extensions:
            facts = _facts(extension, file, main)
            if facts:
                found[extension.full_name] = facts
    return {EXTENSIONS: found} if found else {}


def _facts(extension: Field, file: File, main: File) -> dict[str, Literal]:
    """What is kept of an option; nothing of a field that is none, or whose type others cannot name."""
    options, target = extension.extended, extension.target
    if options is None or options.file is None or options.file.name != OPTIONS:
        return {}
    found: dict[str, Literal] = {"extend": options.name, "type": extension.type}
    if target is not None:
        assert target.file is not None
        if file is not main or (target.file is not main and not _is_common(target.file)):
            return {}
        found["type"] = f".{target.full_name}"
        found |= {} if target.file is main else {"import": target.file.name}
    found["number"] = extension.number
    found |= {"repeated": True} if extension.label == "repeated" else {}
    if file is not main:
        return {**found, "from": file.name}
    return found | ({"doc": doc} if (doc := doc_of(extension)) else {})


def _is_common(file: File) -> bool:
    """Whether svcgen has a file of this name as well."""
    return is_bundled(file.name)


def option_fields(meta: Meta) -> Iterator[tuple[str, OptionField]]:
    """The options that a definition keeps, by their full names; what is none is passed over."""
    kept = meta.annotations.get(EXTENSIONS)
    for name, facts in kept.items() if isinstance(kept, Mapping) else ():
        given: Mapping[str, Literal] = facts if isinstance(facts, Mapping) else EMPTY
        number, kind = given.get("number"), given.get("type")
        if isinstance(number, int) and isinstance(kind, str):
            yield (
                name,
                OptionField(
                    name.rpartition(".")[2],
                    str(given.get("extend", "")),
                    kind,
                    number,
                    given.get("repeated") is True,
                    str(given.get("doc", "")),
                    str(given.get("import", "")),
                    str(given.get("from", "")),
                ),
            )
