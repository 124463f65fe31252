"""Services of a .thrift file -> services of the model, which have what they inherit for their own."""

from __future__ import annotations

from svcgen.diagnostics import Span
from svcgen.formats.thrift.annotations import EXTENDS
from svcgen.formats.thrift.constants import head
from svcgen.formats.thrift.facts import bound, meta_of, origin_of, without_kept
from svcgen.formats.thrift.linker import ancestors
from svcgen.formats.thrift.modelling import Modeller, own_name
from svcgen.formats.thrift.names import members
from svcgen.formats.thrift.tree import File, Function, Struct, Type
from svcgen.formats.thrift.tree import Service as ServiceTree
from svcgen.model.naming import Name
from svcgen.model.service import Operation, Payload, Service
from svcgen.model.thrift_names import is_plain, thrown_names
from svcgen.model.types import Literal


def mentions(main: File) -> list[Type]:
    """The types that the services of a file take and give, without what they throw."""
    return [
        mention
        for service in main.services()
        for function in functions(service)
        for mention in (*(a.type for a in function.arguments), function.result)
        if mention is not None
    ]


def thrown(main: File) -> list[Struct]:
    """The exceptions that they throw."""
    kinds = [
        head(field.type)
        for service in main.services()
        for function in functions(service)
        for field in function.throws
    ]
    return [kind for kind in kinds if isinstance(kind, Struct)]


def functions(service: ServiceTree) -> list[Function]:
    """All functions, inherited ones first."""
    return [f for each in (*ancestors(service), service) for f in each.functions]


def model(service: ServiceTree, modeller: Modeller) -> Service:
    """The service. ``bind: thrift`` keeps what it extends, and its name if Thrift would change it."""
    assert service.file is not None
    carried = [f for f in functions(service) if modeller.may_carry(f)]
    own = {*service.functions}
    names = members(function.name for function in carried)
    operations = tuple(
        _operation(f, name, modeller, is_own=f in own)
        for f, name in zip(carried, names, strict=True)
    )
    bind = bound(service="" if is_plain(service.name) else service.name, extends=_extended(service))
    return Service(Name.parse(service.name), operations, meta_of(service, service.file, bind))


def _extended(service: ServiceTree) -> str:
    """What a service extends: behind its file's path and a dot, if another file declares it."""
    parent = service.parent
    if parent is None or parent.file is None:
        said = {each.name: each.value for each in service.annotations}
        return said.get(EXTENDS, "")
    if parent.file is service.file:
        return parent.name
    origin = origin_of(parent.file, parent.name)
    return f"{origin.file}.{origin.name}"


def _operation(function: Function, name: Name, modeller: Modeller, *, is_own: bool) -> Operation:
    """A method. What is kept of one that is inherited speaks of the service that declares it."""
    assert function.file is not None
    file = function.file
    result = None if function.oneway else function.result
    errors, spans = _errors(function, modeller)
    facts = bound(method=own_name(function, name), throws={n: f for n, f in errors.items() if f})
    meta = meta_of(function, file, facts, result)
    return Operation(
        name,
        meta if is_own else without_kept(meta),
        params=modeller.fields(function.arguments, argument=True),
        output=None if result is None else Payload(modeller.ref(result, file)),
        errors=tuple(errors),
        error_spans=spans,
        oneway=function.oneway,
    )


def _errors(function: Function, modeller: Modeller) -> tuple[dict[str, Literal], tuple[Span, ...]]:
    """What a function throws, and the places: by the error's name its field, which is empty where
    it is numbered and named as a definition's errors are.
    """
    assert function.file is not None
    found: dict[str, Literal] = {}
    spans = []
    for field in function.throws:
        kind = head(field.type)
        assert isinstance(kind, Struct)
        name = modeller.name_of(kind)
        if name not in found:
            spans.append(function.file.tokens.span(field.type.at))
            found[name] = {"number": field.number, "name": field.name}
    usual = thrown_names(found)
    for number, (name, field_name) in enumerate(usual.items(), 1):
        if found[name] == {"number": number, "name": field_name}:
            found[name] = None
    return found, tuple(spans)
