"""The original of a model whose declarations carry what their form could not say.

A fragment is marked with the state of the declaration that it stands for: once somebody has edited
that, the edit is right and the fragment is void.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from svcgen.diagnostics import Report, Rule, Severity
from svcgen.formats import FILE, yaml
from svcgen.formats.neutral.differences import long_form, patched
from svcgen.formats.neutral.document import Document, read_document
from svcgen.formats.neutral.fragments import OF, Declaration, declarations
from svcgen.formats.neutral.keeping import Carried, carried, renamed, stripped
from svcgen.formats.neutral.origins import noted
from svcgen.formats.neutral.scalars import literal
from svcgen.formats.neutral.tree import Mapping as MappingNode
from svcgen.formats.neutral.tree import Text
from svcgen.formats.neutral.writing import Tree
from svcgen.formats.neutral.yaml import parse
from svcgen.formats.source import Source
from svcgen.frozen import EMPTY, frozen, replace
from svcgen.model.renaming import renamed_operation, renamed_type
from svcgen.model.service import Api, Error, Origin, Service
from svcgen.model.types import Literal, TypeDef

ORDER = "x-svcgen-order"
"""The key of a kept service that lists its methods, where the form has them otherwise."""

_DEPTHS = {"": 0, "types": 2, "errors": 2, "services": 2, "methods": 4, "events": 4}
"""How many keys stand above the body of a declaration in its fragment, by section."""

_WHOLE = "the definition"

_EXAMPLE = 'svcgen: 1\ntypes:\n  A:\n    fields: {{x: int32}}\n    x-svcgen: "{}"\n'

KEPT_STALE = Rule(
    code="kept-stale",
    message="{key} was edited after it was converted: what the file kept of its origin is void",
    fix="remove the kept definition there, or convert the original again",
    why=(
        "A converted file carries what its format cannot say as a definition on each declaration."
        " It speaks of the declaration as it was; after an edit the declaration itself is right."
    ),
    example=_EXAMPLE.format("{svcgen: 1, x-of: h00000000, types: {A: {x: uint8}}}"),
    severity=Severity.WARNING,
    loses=True,
)

KEPT_BROKEN = Rule(
    code="kept-broken",
    message="the kept definition of {key} cannot be read: {problem}",
    fix="remove it, or convert the original again",
    why=(
        "A converted file carries what its format cannot say as a definition on each declaration."
        " One that is no definition any more says nothing; the declaration itself is right."
    ),
    example=_EXAMPLE.format("{svcgen: 1, types: {A: {x: uint8}"),
    severity=Severity.WARNING,
    loses=True,
)


@frozen
class _Kept:
    """What a fragment declares."""

    types: Mapping[str, TypeDef] = EMPTY
    errors: Mapping[str, Error] = EMPTY
    origins: Mapping[str, Origin] = EMPTY
    services: tuple[Service, ...] = ()
    whole: Document | None = None

    @classmethod
    def of(cls, document: Document) -> _Kept:
        types = {d.type.name.wire: noted(d.type) for d in document.types}
        errors = {error.name.wire: noted(error) for error in document.errors}
        origins = {name: origin for name, (_, origin) in (types | errors).items() if origin}
        return cls(
            {name: declared for name, (declared, _) in types.items()},
            {name: declared for name, (declared, _) in errors.items()},
            origins,
            tuple(each.service for each in document.services),
            document,
        )


def restore(api: Api, report: Report) -> Api:
    """The model that was converted; ``api`` itself where it carries nothing."""
    found = list(carried(api))
    if not found:
        return api
    plain = stripped(api)
    said = declarations(plain)
    there = _in_their_files(plain)
    trees = {
        c.key: (c, tree)
        for c in found
        if (tree := _tree(c, said[c.key], there.get(c.key, ""), report))
    }
    names = _names((key, tree) for key, (_, tree) in trees.items())
    mentioned = declarations(renamed(plain, names))
    read = {key: _read(c, tree, mentioned[key], report) for key, (c, tree) in trees.items()}
    return _Restorer(plain, {key: each for key, each in read.items() if each}).api()


def _in_their_files(api: Api) -> dict[str, str]:
    """The marks of what other files declare, by their keys here, as they are with the names there.

    Only where names had to differ: what is carried then holds for that file, and not for this one.
    """
    names = {name: origin.name for name, origin in api.origins.items() if origin.name != name}
    if not names:
        return {}
    types = {n: _unbound(d, names[n]) if n in names else d for n, d in api.types.items()}
    theirs = declarations(renamed(replace(api, types=types), names)).items()
    return {
        key: replace(each, name=api.origins[each.name].name).mark
        for key, each in theirs
        if each.section in ("types", "errors") and each.name in api.origins
    }


def _unbound(declared: TypeDef, name: str) -> TypeDef:
    """A type without the wire fact that this is its name."""
    bind = {
        protocol: {key: value for key, value in facts.items() if (key, value) != ("name", name)}
        if isinstance(facts, Mapping)
        else facts
        for protocol, facts in declared.meta.bind.items()
    }
    left = {protocol: facts for protocol, facts in bind.items() if facts}
    return replace(declared, meta=replace(declared.meta, bind=left))


def _tree(each: Carried, said: Declaration, there: str, report: Report) -> MappingNode | None:
    """What a declaration carries; ``None``, with a warning, where it does not hold any more.

    ``there`` is its mark in the file that declares it, where it is another one.
    """
    found = Report()
    root = parse(_source(each, each.text), found)
    if not isinstance(root, MappingNode) or found.has_errors:
        _broken(each, found, report)
        return None
    if (of := _text_at(root, OF)) and said.mark not in of.split("."):
        if there not in of.split("."):
            report.add(KEPT_STALE, each.span, key=each.key or _WHOLE)
        return None
    rest = tuple(entry for entry in root.entries if entry.key.text not in (OF, FILE))
    return replace(root, entries=rest)


def _names(trees: Iterable[tuple[str, MappingNode]]) -> dict[str, str]:
    """What the originals of types and errors are called, where that is something else."""
    found = {}
    for key, tree in trees:
        section, _, name = key.partition("/")
        inner = tree.entries[-1].value if tree.entries and section in ("types", "errors") else None
        if isinstance(inner, MappingNode) and inner.entries:
            found[name] = inner.entries[0].key.text
    return {name: original for name, original in found.items() if name != original}


def _read(each: Carried, tree: MappingNode, said: Declaration, report: Report) -> _Kept | None:
    """The declarations that a text stands for; ``None``, with a warning, where it is none."""
    if not tree.entries:
        return _Kept()
    found = Report()
    if tree.entries[0].key.text != "svcgen":
        change = literal(tree, found)
        whole = yaml.flow({"svcgen": 1, **_applied(said, change)})
        node = parse(_source(each, whole), found)
    else:
        node = tree
    document = read_document(node, each.span.file, found) if node else None
    if document and not found.has_errors:
        return _Kept.of(document)
    _broken(each, found, report)
    return None


def _applied(said: Declaration, change: Literal) -> Any:
    """The fragment that a declaration becomes by what it carries."""
    body = said.body if said.bare is None else said.bare
    before = replace(said, body=long_form(said.section, body)).fragment
    return _below(before, change, _DEPTHS[said.section])


def _below(before: Tree, change: Literal, depth: int) -> Any:
    """A body, some keys down, with what a change says below as many keys of its own.

    What is no such change is what it is; whoever reads it says what is wrong.
    """
    if not isinstance(change, dict) or (depth and len(change) != 1):
        return change
    if not depth:
        return patched(before, change)
    (below,) = before.values()
    return {key: _below(below, inner, depth - 1) for key, inner in change.items()}


def _source(each: Carried, text: str) -> Source:
    """A text as if it stood on the line of its declaration."""
    return Source.of(each.span.file, "\n" * (each.span.line - 1) + text)


def _broken(each: Carried, found: Report, report: Report) -> None:
    problems = [d.message for d in found.diagnostics] or ["it is no mapping"]
    report.add(KEPT_BROKEN, each.span, key=each.key or _WHOLE, problem=problems[0])


def _text_at(root: MappingNode, key: str) -> str:
    texts = (e.value.text for e in root.entries if e.key.text == key and isinstance(e.value, Text))
    return next(texts, "")


class _Restorer:
    """Puts together what the form says by itself and what it carries, by the keys of the former."""

    def __init__(self, plain: Api, kept: Mapping[str, _Kept]) -> None:
        self._plain = plain
        self._kept = kept
        self._types: dict[str, TypeDef] = {}
        self._errors: dict[str, Error] = {}
        self._origins: dict[str, Origin] = {}
        self._names: dict[str, str] = {}

    def api(self) -> Api:
        whole = self._kept.get("", _Kept())
        self._declare(whole)
        for name, definition in self._plain.types.items():
            if not self._replaced("types", name):
                self._types[name] = definition
        for name, error in self._plain.errors.items():
            if not self._replaced("errors", name):
                self._errors[name] = error
        origins = {n: o for n, o in self._plain.origins.items() if n in self._types | self._errors}
        services = self._services(whole.services)
        return replace(
            self._headed(whole.whole),
            types={name: renamed_type(each, self._names) for name, each in self._types.items()},
            errors=self._errors,
            services=services,
            origins=origins | self._origins,
        )

    def _headed(self, whole: Document | None) -> Api:
        """The model with what is said of the definition itself."""
        if whole is None:
            return self._plain
        return replace(
            self._plain,
            package=whole.package,
            version=whole.version,
            meta=whole.meta,
            json=whole.json,
            servers=whole.servers,
            constants=whole.constants,
        )

    def _replaced(self, section: str, name: str) -> bool:
        """Whether something else stands in the place of a type or an error; it is declared."""
        kept = self._kept.get(f"{section}/{name}")
        if kept is None:
            return False
        self._declare(kept)
        original = next(iter([*kept.types, *kept.errors]), "")
        if original and original != name:
            self._names[name] = original
        if original and name in self._plain.origins:
            self._origins[original] = replace(self._plain.origins[name], name=original)
        return True

    def _declare(self, kept: _Kept) -> None:
        self._types |= kept.types
        self._errors |= kept.errors
        self._origins |= kept.origins

    def _services(self, more: Iterable[Service]) -> tuple[Service, ...]:
        waiting = {service.name.wire: service for service in more}
        found = []
        for plain in self._plain.services:
            service = self._service(plain)
            found.append(_joined(service, waiting.pop(service.name.wire, None)))
        return (*found, *waiting.values())

    def _service(self, plain: Service) -> Service:
        """A service with the originals of its methods and events."""
        owner = f"services/{plain.name.wire}"
        kept = self._kept.get(owner)
        head = kept.services[0] if kept and kept.services else plain
        found = replace(head, operations=(), events=())
        for operation in plain.operations:
            own = (renamed_operation(operation, self._names),)
            said = replace(head, operations=own, events=())
            found = self._added(found, f"{owner}/{operation.name.wire}", said)
        for event in plain.events:
            said = replace(head, operations=(), events=(event,))
            found = self._added(found, f"{owner}/{event.name.wire}", said)
        return found

    def _added(self, service: Service, key: str, said: Service) -> Service:
        """A service with one more method or event: the kept one, else the one that is said."""
        kept = self._kept.get(key)
        for each in kept.services if kept else (said,):
            service = _joined(service, each)
        return service


def _joined(service: Service, more: Service | None) -> Service:
    """A service with the methods and events of another, which may say the order of all."""
    if more is None:
        return service
    operations = (*service.operations, *more.operations)
    order = more.meta.annotations.get(ORDER)
    if isinstance(order, list):
        places = {str(name): index for index, name in enumerate(order)}
        operations = tuple(sorted(operations, key=lambda o: places.get(o.name.wire, len(places))))
    return replace(service, operations=operations, events=(*service.events, *more.events))
