"""The original of a model whose declarations carry what their form could not say.

A fragment is marked with the state of the declaration that it stands for: once somebody has edited
that, the edit is right and the fragment is void.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from svcgen.diagnostics import Report, Rule, Severity
from svcgen.formats.neutral.document import Document, read_document
from svcgen.formats.neutral.fragments import OF, Declaration, declarations
from svcgen.formats.neutral.keeping import ORDER, Carried, carried, stripped
from svcgen.formats.neutral.origins import noted
from svcgen.formats.neutral.tree import Mapping as MappingNode
from svcgen.formats.neutral.tree import Text
from svcgen.formats.neutral.yaml import parse
from svcgen.formats.source import Source
from svcgen.frozen import EMPTY, frozen, replace
from svcgen.model.renaming import renamed_operation, renamed_type
from svcgen.model.service import Api, Error, Origin, Service
from svcgen.model.types import TypeDef

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
    kept = {each.key: _read(each, said[each.key], report) for each in found}
    return _Restorer(plain, {key: each for key, each in kept.items() if each}).api()


def _read(each: Carried, said: Declaration, report: Report) -> _Kept | None:
    """What a declaration carries; ``None``, with a warning, where it does not hold any more."""
    key = each.key or "the definition"
    found = Report()
    source = Source.of(each.span.file, "\n" * (each.span.line - 1) + each.text)
    root = parse(source, found)
    if isinstance(root, MappingNode) and not found.has_errors:
        if (of := _of(root)) and said.mark not in of.split("."):
            report.add(KEPT_STALE, each.span, key=key)
            return None
        if set(_keys(root)) <= {OF}:
            return _Kept()
        document = read_document(root, each.span.file, found)
        if document and not found.has_errors:
            return _Kept.of(document)
    problems = [d.message for d in found.diagnostics] or ["it is no mapping"]
    report.add(KEPT_BROKEN, each.span, key=key, problem=problems[0])
    return None


def _keys(root: MappingNode) -> Iterable[str]:
    return (entry.key.text for entry in root.entries)


def _of(root: MappingNode) -> str:
    """The marks of the states of which the fragment speaks; the whole definition has none."""
    marks = (e.value.text for e in root.entries if e.key.text == OF and isinstance(e.value, Text))
    return next(marks, "")


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
        original = next(iter([*kept.types, *kept.errors]), name)
        if original != name:
            self._names[name] = original
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
