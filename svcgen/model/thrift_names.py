"""What services, methods and everything else are called in a .thrift file, and so on the wire.

A name stays as the definition writes it if Thrift's grammar and its compiler allow it; else it is
folded to ASCII and gets an underscore. ``bind: {thrift: {service: …}}`` at a service and ``method``
at a method say it by hand, ``name`` at a type, an error, a field or a value. The .thrift, the
codecs and the bindings all ask here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count

from svcgen.model.naming import Name
from svcgen.model.rpc import ascii_name
from svcgen.model.service import Operation, Service
from svcgen.model.types import EnumAlias, EnumValue, Field, Literal, Meta

IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]*"
_IDENTIFIER = re.compile(IDENTIFIER)

KEYWORDS = frozenset(
    "BEGIN END __CLASS__ __DIR__ __FILE__ __FUNCTION__ __LINE__ __METHOD__ __NAMESPACE__ abstract "
    "alias and args as assert begin break case catch class clone continue declare def default del "
    "delete do dynamic elif else elseif elsif end enddeclare endfor endforeach endif endswitch "
    "endwhile ensure except exec finally float for foreach from function global goto if implements "
    "import in inline instanceof interface is lambda module native new next nil not or package "
    "pass public print private protected raise redo rescue retry register return self sizeof "
    "static super switch synchronized then this throw transient try undef unless unsigned until "
    "use var virtual volatile when while with xor yield".split()
)
"""What the compiler refuses for the sake of its languages (``t_generator::lang_keywords``)."""

RESERVED = KEYWORDS | frozenset(
    # the words of the grammar
    "async binary bool byte const cpp_include cpp_namespace cpp_type delphi_namespace double enum "
    "exception extends i16 i32 i64 i8 include java_package list map namespace oneway optional "
    "perl_package php_namespace py_module required ruby_namespace senum service set slist "
    "smalltalk_category smalltalk_prefix string struct throws typedef union uuid void xsd_all "
    "xsd_attrs xsd_namespace xsd_nillable xsd_optional "
    # its literals; what it refuses for Python, or writes into Java and JavaScript as it is
    "false true False None True nonlocal boolean char extern final int long short strictfp debugger "
    "export let null typeof".split()
)


def identifier(wire: str, taken: Iterable[str] = ()) -> str:
    """The name itself where Thrift allows it, else one that is not in ``taken``."""
    if is_plain(wire):
        return wire
    spelled = ascii_name(wire).snake
    if _IDENTIFIER.fullmatch(wire) and not wire.startswith("__"):
        spelled = wire
    while spelled in RESERVED or spelled in taken:
        spelled += "_"
    return spelled


def is_plain(wire: str) -> bool:
    """May the name stand in a .thrift as it is?"""
    known = wire in RESERVED or wire.startswith("__")
    return not known and _IDENTIFIER.fullmatch(wire) is not None


def thrift_members(siblings: Iterable[Field | EnumValue | EnumAlias]) -> dict[str, str]:
    """What fields or values are called, by their names."""
    named = {each.name: _bound(each.meta, "name") for each in siblings}
    spelled = identifiers(named)
    return {name.wire: bound or spelled[name.wire] for name, bound in named.items()}


def thrift_type(meta: Meta, name: str) -> str:
    """What a type or an error is called."""
    return _bound(meta, "name") or ascii_name(name).pascal


def identifiers(names: Iterable[Name]) -> dict[str, str]:
    """Different identifiers for siblings: plain names keep theirs, the others give way."""
    wires = [name.wire for name in names]
    taken = {wire for wire in wires if is_plain(wire)}
    found: dict[str, str] = {}
    for wire in wires:
        found[wire] = identifier(wire, taken)
        taken.add(found[wire])
    return found


def thrown_names(errors: Iterable[str]) -> dict[str, str]:
    """What the fields of a method's errors are called, by the errors' names."""
    camel = {error: Name.parse(Name.parse(error).camel) for error in errors}
    spelled = identifiers(camel.values())
    return {error: spelled[name.wire] for error, name in camel.items()}


def thrown_fields(operation: Operation) -> dict[str, tuple[str, Literal]]:
    """Name and number of the field of each error of a method, by the errors' names.

    ``bind: {thrift: {throws: {<error>: {number: …, name: …}}}}`` gives them by hand. Other errors
    have the numbers that are left, in the order of the list.
    """
    bound = thrift_fact(operation.meta, "throws")
    facts = {e: bound.get(e) for e in operation.errors} if isinstance(bound, dict) else {}
    given = {error: fact for error, fact in facts.items() if isinstance(fact, dict)}
    taken = [fact.get("number") for fact in given.values()]
    left = (number for number in count(1) if number not in taken)
    names = thrown_names(operation.errors)
    found: dict[str, tuple[str, Literal]] = {}
    for error in operation.errors:
        fact = given.get(error, {})
        number = fact["number"] if "number" in fact else next(left)
        found[error] = str(fact.get("name", names[error])), number
    return found


def thrift_service(service: Service, siblings: Iterable[Service]) -> str:
    """The service's name, which multiplexed calls carry."""
    if bound := _bound(service.meta, "service"):
        return bound
    if is_plain(service.name.wire):
        return service.name.wire
    return identifiers(s.name for s in siblings)[service.name.wire]


def thrift_method(service: Service, operation: Operation) -> str:
    """The method's name on the wire."""
    if bound := _bound(operation.meta, "method"):
        return bound
    if is_plain(operation.name.wire):
        return operation.name.wire
    return identifiers(o.name for o in service.operations)[operation.name.wire]


def thrift_fact(meta: Meta, key: str) -> Literal:
    """What ``bind: thrift`` says of a declaration under a key, if anything."""
    facts = meta.bind.get("thrift")
    return facts.get(key) if isinstance(facts, dict) else None


def thrift_number(field: Field) -> int | None:
    """The number of a field on Thrift, which may be one that other protocols cannot have."""
    bound = thrift_fact(field.meta, "number")
    return bound if isinstance(bound, int) and bound else field.number


def _bound(meta: Meta, key: str) -> str:
    value = thrift_fact(meta, key)
    return value if isinstance(value, str) else ""
