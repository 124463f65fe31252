"""Names -> what they name, in the order in which the compiler meets them; and the checks on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svcgen.diagnostics import Report, Rule, did_you_mean
from svcgen.formats.thrift import rules
from svcgen.formats.thrift.constants import Constants, WrongConstantError, head
from svcgen.formats.thrift.tree import (
    Const,
    Declaration,
    Definition,
    Enum,
    EnumValue,
    Field,
    File,
    Function,
    Service,
    Struct,
    Type,
    TypeDeclaration,
    Typedef,
    Value,
    declarations,
    types_in,
)

MOST_INHERITED = 100_000
"""Functions, each counted once for every service that has it from another."""


class Linker:
    """Links one file whose included files are linked already; what is wrong is reported."""

    def __init__(self, file: File, report: Report) -> None:
        self._file = file
        self._report = report
        self._types: dict[str, TypeDeclaration] = {}
        self._services: dict[str, Service] = {}
        self._known: dict[str, tuple[Type, Value]] = {}
        self._constants = Constants(self._known)
        self._names: set[str] = set()  # of types and services of the file so far
        self._inherited = 0  # functions, and services, so far
        self._waiting: dict[str, list[Type]] = {}  # mentions of what was not defined at that place

    def link(self) -> None:
        file = self._file
        for included, include in zip(file.included, file.found, strict=True):
            self._include(included, include.at)
        self._foreign = {
            each.name
            for included in file.included
            if _same_namespaces(included, file)
            for each in included.definitions
            if not isinstance(each, Const)
        }
        for declared in declarations(file):
            if "." in declared.name and not _is_numbered(declared, file):
                problem = f"the name {declared.name!r} has a dot, which only mentions may have"
                self._add(rules.SYNTAX, declared.at, declared.seen, problem=problem)
        self._has_uuid = any(each.name == "uuid" for each in file.types())
        for definition in file.definitions:
            self._define(definition)
        for name, mentions in self._waiting.items():
            self._complain_of(name, mentions)
        for typedef in _circular(each for each in file.types() if isinstance(each, Typedef)):
            self._add(rules.TYPEDEF_CYCLE, typedef.at, name=typedef.name)

    def _include(self, included: File, at: int) -> None:
        """The names of an included file, behind that file's name and a dot."""
        prefix = f"{included.name}."
        for each in included.definitions:
            match each:
                case Const():
                    self._define_constant(prefix + each.name, (each.type, each.value), at)
                case Service():
                    self._services[prefix + each.name] = each
                case _:
                    self._types[prefix + each.name] = each
                    if isinstance(each, Enum):
                        self._define_values(each, prefix, at)

    def _define(self, definition: Definition) -> None:
        match definition:
            case Const():
                self._mention([definition.type])
                self._settle(definition, definition.value, definition.type)
                known = (definition.type, definition.value)
                self._define_constant(definition.name, known, definition.at, definition.seen)
                return
            case Typedef():
                self._mention([definition.type])
            case Enum():
                self._define_values(definition)
            case Struct():
                self._struct(definition)
            case Service():
                self._service(definition)
        if isinstance(definition, Service):
            self._services[definition.name] = definition
        else:
            self._types[definition.name] = definition
            for mention in self._waiting.pop(definition.name, ()):
                mention.target = definition
        if definition.name in self._names or definition.name in self._foreign:
            facts = {"what": "type", "name": definition.name}
            self._add(rules.DUPLICATE, definition.at, definition.seen, **facts)
        self._names.add(definition.name)

    def _define_values(self, enum: Enum, prefix: str = "", at: int = 0) -> None:
        """The values of an enum, of the file itself or of one that is included ``at`` a place."""
        number = Type("i32", at)
        for value in enum.values:
            name = f"{prefix}{enum.name}.{value.name}"
            place, seen = (at, 0) if prefix else (value.at, enum.seen)
            self._define_constant(name, (number, Value("int", value.number, place)), place, seen)

    def _define_constant(
        self, name: str, known: tuple[Type, Value], at: int, seen: int = 0
    ) -> None:
        if name in self._known:
            self._add(rules.DUPLICATE, at, seen, what="constant", name=name)
        self._known[name] = known

    def _mention(self, mentions: Iterable[Type]) -> None:
        """Give mentions of types their meaning, as far as it is known at this place."""
        for mention in mentions:
            for each in types_in(mention):
                if not each.is_name:
                    continue
                each.target = self._types.get(each.word)
                if each.target is not None:
                    continue
                if each.word == "uuid" and not self._has_uuid:
                    each.is_name = False
                else:
                    each.is_early = True
                    self._waiting.setdefault(each.word, []).append(each)

    def _complain_of(self, name: str, mentions: list[Type]) -> None:
        hint = self._hint(name, self._types)
        for mention in mentions:
            self._add(rules.UNDEFINED, mention.at, what="type", name=name, hint=hint)

    def _hint(self, name: str, known: Iterable[str]) -> str:
        return did_you_mean(name, known) if self._report.is_short else ""

    def _settle(self, owner: Declaration, value: Value, mention: Type) -> None:
        try:
            self._constants.settle(value, mention)
        except WrongConstantError as problem:
            facts = {"name": owner.name, "problem": str(problem)}
            self._add(rules.CONSTANT, value.at, owner.seen, **facts)

    def _struct(self, struct: Struct) -> None:
        self._fields(struct.fields)
        if struct.word == "union":
            given = [field for field in struct.fields if field.default is not None]
            for field in given[1:]:
                facts = {"name": field.name, "union": struct.name}
                self._add(rules.UNION_DEFAULTS, field.at, struct.seen, **facts)

    def _fields(self, fields: list[Field]) -> None:
        names: set[str] = set()
        numbers: dict[int, str] = {}
        for field in fields:
            self._mention([field.type])
            if field.default is not None:
                self._settle(field, field.default, field.type)
            if field.attributes:
                self._fields(field.attributes)
            if field.name in names:
                self._add(rules.DUPLICATE, field.at, field.seen, what="field", name=field.name)
            elif field.number in numbers:
                facts = {"number": field.number, "other": numbers[field.number]}
                self._add(rules.NUMBER_TWICE, field.at, field.seen, name=field.name, **facts)
            names.add(field.name)
            numbers.setdefault(field.number, field.name)

    def _service(self, service: Service) -> None:
        if service.extends:
            self._extend(service)
        inherited = {function.name for each in ancestors(service) for function in each.functions}
        own: set[str] = set()
        for function in service.functions:
            self._function(function)
            if function.name in own or function.name in inherited:
                facts = {"what": "function", "name": function.name}
                seen = function.seen if function.name in own else service.seen
                self._add(rules.DUPLICATE, function.at, seen, **facts)
            own.add(function.name)

    def _extend(self, service: Service) -> None:
        service.parent = self._services.get(service.extends)
        if service.parent is None:
            hint = self._hint(service.extends, self._services)
            facts = {"what": "service", "name": service.extends, "hint": hint}
            self._add(rules.UNDEFINED, service.extends_at, **facts)
        self._inherited += sum(1 + len(each.functions) for each in ancestors(service))
        if self._inherited > MOST_INHERITED:
            problem = f"the services of a file may not inherit more than {MOST_INHERITED} functions"
            self._add(rules.SYNTAX, service.extends_at, problem=problem)
            service.parent, self._inherited = None, 0

    def _function(self, function: Function) -> None:
        if function.result is not None:
            self._mention([function.result])
        self._fields(function.arguments)
        self._fields(function.throws)
        for thrown in function.throws:
            kind = head(thrown.type)
            if kind is None:
                facts = {"what": "exception", "name": thrown.type.word, "hint": " before this"}
                self._add(rules.UNDEFINED, thrown.type.at, **facts)
            elif not (isinstance(kind, Struct) and kind.word == "exception"):
                facts = {"name": thrown.type.word}
                self._add(rules.NOT_AN_EXCEPTION, thrown.type.at, function.throws_seen, **facts)
        if function.oneway and function.throws:
            facts = {"name": function.name, "problem": "throws exceptions"}
            self._add(rules.ONEWAY, function.at, function.seen, **facts)
        elif function.oneway and function.result is not None and function.result.is_name:
            facts = {"name": function.name, "problem": f"returns {function.result.word!r}"}
            self._add(rules.ONEWAY, function.result.at, **facts)

    def _add(self, rule: Rule, at: int, seen: int = 0, /, **facts: object) -> None:
        """Report ``rule`` where the compiler does: at the token ``at``, or at ``seen`` where that is
        lines further down; a note says then what is wrong ``at`` the first.
        """
        tokens = self._file.tokens
        place, last = tokens.span(at), tokens.span(max(at, seen))
        if last.line == place.line:
            self._report.add(rule, place, **facts)
            return
        self._report.add(rule, last, **facts)
        problem = rule.message.format(**facts)
        self._report.add(rules.MISTAKE, place, line=last.line, problem=problem)


def _is_numbered(declared: Declaration, file: File) -> bool:
    """Is it a value of an enum with a number, at whose name the compiler does not look?"""
    return isinstance(declared, EnumValue) and file.tokens.texts[declared.at + 1] == "="


def _circular(typedefs: Iterable[Typedef]) -> Iterator[Typedef]:
    """Those that lead to themselves, or to one that does."""
    known: dict[Typedef, bool] = {}
    for typedef in typedefs:
        passed: dict[Typedef, None] = {}
        target: TypeDeclaration | None = typedef
        while isinstance(target, Typedef) and target not in known and target not in passed:
            passed[target] = None
            target = target.type.target
        circular = isinstance(target, Typedef) and known.get(target, True)
        known.update(dict.fromkeys(passed, circular))
        if circular:
            yield typedef


def ancestors(service: Service) -> list[Service]:
    """The services that it extends, the farthest first."""
    found: list[Service] = []
    parent = service.parent
    while parent is not None:
        found.append(parent)
        parent = parent.parent
    return found[::-1]


def _same_namespaces(one: File, other: File) -> bool:
    """Would the compiler put both files into the same place in every language that they name?"""
    return all(
        mine.namespace(scope) == found.name
        for mine, theirs in ((one, other), (other, one))
        for scope, found in theirs.namespaces.items()
    )
