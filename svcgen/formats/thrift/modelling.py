"""Declarations of .thrift files -> types of the model, so that writing them gives the same wire.

What the model would write in another way is kept under ``bind: thrift``: ``name``, ``number`` (where
it is none of the model's), ``requiredness`` (``default`` where neither word is there) and
``reference``. What svcgen has no type for is left out, with a warning.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from svcgen.diagnostics import Report
from svcgen.formats.thrift import rules
from svcgen.formats.thrift.facts import bound, meta_of, origin_of, span_of
from svcgen.formats.thrift.names import Taken, members, own_names
from svcgen.formats.thrift.tree import Const, Declaration, File, Function, Type, TypeDeclaration
from svcgen.formats.thrift.tree import Enum as EnumTree
from svcgen.formats.thrift.tree import Field as FieldTree
from svcgen.formats.thrift.tree import Struct as StructTree
from svcgen.formats.thrift.values import NoLiteralError, literal, problem_of
from svcgen.model.naming import Name
from svcgen.model.rpc import ascii_name
from svcgen.model.service import Code, Error, Origin
from svcgen.model.thrift_names import is_plain
from svcgen.model.types import (
    Alias,
    Constant,
    Default,
    Enum,
    EnumAlias,
    EnumValue,
    Field,
    ListOf,
    MapOf,
    NamedRef,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)

_SCALARS = {
    "bool": Scalar.BOOL,
    "i8": Scalar.INT8,
    "i16": Scalar.INT16,
    "i32": Scalar.INT32,
    "i64": Scalar.INT64,
    "double": Scalar.FLOAT64,
    "string": Scalar.STRING,
    "binary": Scalar.BYTES,
    "uuid": Scalar.UUID,
}


class Modeller:
    """The types of one definition: those of ``main``, and of other files what these need."""

    def __init__(
        self, main: File, mentioned: list[Type], thrown: Iterable[StructTree], report: Report
    ) -> None:
        self._report = report
        taken = Taken()
        own = own_names(main, taken)
        theirs: dict[File, dict[TypeDeclaration, str]] = {}
        mentioned += [each.type for each in main.definitions if isinstance(each, Const)]
        mentioned += [each for declared in (*own, *thrown) for each in _mentions(declared)]
        self._names: dict[TypeDeclaration, str] = {}
        self.origins: dict[str, Origin] = {}
        for declared in (*_reachable(mentioned), *thrown):
            if declared not in own and declared not in self._names:
                file = _file(declared)
                if file not in theirs:
                    theirs[file] = own_names(file, Taken())
                there = theirs[file][declared]
                name = self._names[declared] = taken.free(there)
                self.origins[name] = origin_of(file, there)
        self._names |= own
        self._twins = {
            each: taken.free(f"{self._names[each]}Data") for each in _plain_exceptions(mentioned)
        }

    def types(self) -> dict[str, TypeDef]:
        """By name; types of imported files before those of the file itself, in their order."""
        found: dict[str, TypeDef] = {}
        for declared, name in self._names.items():
            if declared in self._twins:
                twin = self._twins[declared]
                found[twin] = self._struct(declared, twin)
            if isinstance(declared, EnumTree):
                found[name] = _enum(declared, name)
            elif isinstance(declared, StructTree) and declared.word != "exception":
                found[name] = self._struct(declared, name)
            elif not isinstance(declared, StructTree) and self._may_hold(declared, declared.type):
                bind = bound(name=_unlike(declared.name, name))
                target = self.ref(declared.type, _file(declared))
                meta = meta_of(declared, _file(declared), bind, declared.type)
                found[name] = Alias(Name.parse(name), target, meta)
        return found

    def errors(self) -> dict[str, Error]:
        """The exceptions. A .thrift has no code for them."""
        return {
            name: Error(
                Name.parse(name),
                Code.UNKNOWN,
                self.fields(declared.fields),
                meta_of(declared, _file(declared), bound(name=_unlike(declared.name, name))),
            )
            for declared, name in self._names.items()
            if isinstance(declared, StructTree) and declared.word == "exception"
        }

    def constants(self, main: File) -> tuple[Constant, ...]:
        declared = [each for each in main.definitions if isinstance(each, Const)]
        names = members(each.name for each in declared)
        found = []
        for each, name in zip(declared, names, strict=True):
            if not self._may_hold(each, each.type):
                continue
            try:
                value = literal(each.value, each.type)
            except NoLiteralError as problem:
                self._leave_out(each, str(problem))
                continue
            ref = self.ref(each.type, main)
            found.append(Constant(name, ref, value, meta_of(each, main, mention=each.type)))
        return tuple(found)

    def _struct(self, declared: TypeDeclaration, name: str) -> Struct | Union:
        assert isinstance(declared, StructTree)
        meta = meta_of(declared, _file(declared), bound(name=_unlike(declared.name, name)))
        if declared.word == "union":
            return Union(Name.parse(name), self.fields(declared.fields, union=True), meta)
        return Struct(Name.parse(name), self.fields(declared.fields), meta)

    def fields(
        self, fields: list[FieldTree], *, union: bool = False, argument: bool = False
    ) -> tuple[Field, ...]:
        """Fields; those of a union are all there or not, arguments are there unless optional."""
        names = members(field.name for field in fields)
        found = [
            self._field(field, name, union=union, argument=argument)
            for field, name in zip(fields, names, strict=True)
            if self._may_hold(field, field.type)
        ]
        return tuple(found)

    def _field(self, field: FieldTree, name: Name, *, union: bool, argument: bool) -> Field:
        file = _file(field)
        default = None if union else self._default(field)
        required = field.requiredness == "required" or (argument and not field.requiredness)
        usual = "required" if required else "optional"
        if default is not None or argument:
            usual = ""
        word = field.requiredness or ("default" if usual else "")
        bind = bound(
            name=own_name(field, name),
            number=0 if _is_number(field.number) else field.number,
            requiredness="" if union or word == usual else word,
            reference=field.is_reference,
        )
        return Field(
            name,
            self.ref(field.type, file),
            meta_of(field, file, bind, field.type),
            required=union or (required and default is None),
            default=default,
            number=field.number if _is_number(field.number) else None,
        )

    def _default(self, field: FieldTree) -> Default | None:
        if field.default is None:
            return None
        try:
            value = literal(field.default, field.type)
        except NoLiteralError as problem:
            facts = {"what": f"the default of {field.name!r}", "problem": str(problem)}
            self._report.add(rules.LEFT_OUT, span_of(field, _file(field)), **facts)
            return None
        return Default(value, _file(field).tokens.span(field.default.at))

    def ref(self, mention: Type, file: File) -> TypeRef:
        """A mention of a type, which :func:`problem_of` has nothing against."""
        span = file.tokens.span(mention.at)
        if mention.target is not None:
            return NamedRef(self._twins.get(mention.target) or self._names[mention.target], span)
        arguments = [self.ref(each, file) for each in mention.arguments]
        match mention.word:
            case "list":
                return ListOf(arguments[0], span)
            case "set":
                return SetOf(arguments[0], span)
            case "map":
                return MapOf(arguments[0], arguments[1], span)
            case word:
                return ScalarRef(_SCALARS[word], span)

    def name_of(self, declared: TypeDeclaration) -> str:
        return self._names[declared]

    def may_carry(self, function: Function) -> bool:
        """Can all arguments and the result of a function be said?"""
        mentions = [argument.type for argument in function.arguments]
        mentions += [function.result] if function.result is not None else []
        problem = next(filter(None, map(problem_of, mentions)), "")
        if problem:
            self._leave_out(function, problem)
        return not problem

    def _may_hold(self, declared: Declaration, mention: Type) -> bool:
        problem = problem_of(mention)
        if problem:
            self._leave_out(declared, problem)
        return not problem

    def _leave_out(self, declared: Declaration, problem: str) -> None:
        facts = {"what": repr(declared.name), "problem": problem}
        self._report.add(rules.LEFT_OUT, span_of(declared, _file(declared)), **facts)


def _file(declared: Declaration) -> File:
    assert declared.file is not None
    return declared.file


def _mentions(declared: TypeDeclaration) -> list[Type]:
    """The types that a declaration is made of."""
    if isinstance(declared, EnumTree):
        return []
    if isinstance(declared, StructTree):
        return [field.type for field in declared.fields]
    return [declared.type]


def _targets(mentions: Iterable[Type]) -> Iterator[TypeDeclaration]:
    for mention in mentions:
        if mention.target is not None:
            yield mention.target
        yield from _targets(mention.arguments)


def _reachable(mentions: Iterable[Type]) -> dict[TypeDeclaration, None]:
    """Every declaration that is mentioned, and what these mention."""
    found: dict[TypeDeclaration, None] = {}
    waiting = deque(mentions)
    while waiting:
        for target in _targets([waiting.popleft()]):
            if target not in found:
                found[target] = None
                waiting += _mentions(target)
    return found


def _plain_exceptions(mentions: Iterable[Type]) -> Iterator[TypeDeclaration]:
    """Exceptions that are used as structs are; the model has errors and structs apart."""
    for target in _reachable(mentions):
        if isinstance(target, StructTree) and target.word == "exception":
            yield target


def own_name(declared: Declaration, name: Name) -> str:
    """The name of a field, value or function, where that of the model would not give it again."""
    kept = name.wire == declared.name and is_plain(declared.name)
    return "" if kept else declared.name


def _unlike(name: str, model_name: str) -> str:
    """The name, where the model's would be written in another way."""
    return "" if ascii_name(model_name).pascal == name else name


def _is_number(number: int) -> bool:
    """May a field of the model have the number?"""
    return 1 <= number < 2**29 and not 19000 <= number < 20000


def _enum(enum: EnumTree, name: str) -> Enum:
    """An enum; of several names for one number the first, the others being its aliases."""
    first = enum.first_values
    ordered = [*first, *(value for value in enum.values if value not in set(first))]
    names = members(value.name for value in ordered)
    file = _file(enum)
    found: dict[int, list[EnumAlias]] = {}
    for spelled, value in zip(names, ordered, strict=True):
        bind = bound(name=own_name(value, spelled))
        named = EnumAlias(spelled, meta_of(value, file, bind))
        found.setdefault(value.number, []).append(named)
    values = tuple(
        EnumValue(main.name, main.meta, number, tuple(others))
        for number, (main, *others) in found.items()
    )
    return Enum(Name.parse(name), values, meta_of(enum, file, bound(name=_unlike(enum.name, name))))
