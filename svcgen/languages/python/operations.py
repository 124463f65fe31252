"""View of ``operations.py``: every operation as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from svcgen.frozen import frozen
from svcgen.languages.python.calls import Call, File, ServiceCalls
from svcgen.languages.python.imports import import_block
from svcgen.languages.python.layout import Group, lay_out, quote
from svcgen.languages.python.naming import Role, spell
from svcgen.languages.python.types import TypeWriter, type_name
from svcgen.model.service import Auth, Streaming
from svcgen.model.types import TypeRef

KINDS = {
    Streaming.UNARY: "UNARY",
    Streaming.CLIENT: "CLIENT_STREAM",
    Streaming.SERVER: "SERVER_STREAM",
    Streaming.BOTH: "BIDI",
}
"""The four modes as the run-time code names them."""


@frozen
class OperationsView:
    header: str
    imports: str
    operations: tuple[str, ...]  # assignments
    table: str  # all of them


def operations_view(
    services: Sequence[ServiceCalls], header: str, validators: Mapping[str, str]
) -> OperationsView:
    """``validators``: by the name of a message, the function that checks it."""
    file = File(
        TypeWriter(prefix="models."),
        "from .support.operation import Kind",
        "from .support.operation import Operation",
    )
    calls = [call for service in services for call in (*service.methods, *service.events)]
    operations = tuple(_Descriptor(file, validators).write(call) for call in calls)
    names = tuple(call.constant for call in calls)
    table = Group("OPERATIONS: tuple[Operation, ...] = (", names, _closing(names))
    if not calls:
        file.imports.remove("from .support.operation import Kind")
    return OperationsView(header, import_block(file.imports), operations, lay_out(table))


@frozen
class _Descriptor:
    file: File
    validators: Mapping[str, str]

    def write(self, call: Call) -> str:
        operation = call.exchange.operation
        facts: list[str | Group] = [
            f"service={quote(call.exchange.service.name.wire)}",
            f"name={quote(operation.name.wire)}",
            f"kind=Kind.{KINDS[operation.streaming]}",
            f"request={self._request(call)}",
            f"response={self._type(call.result)}",
            _invoke(call),
            *self._errors(operation.errors),
            *(f"{flag}=True" for flag in _FLAGS if getattr(operation, flag)),
        ]
        if operation.deadline is not None:
            facts.append(f"deadline={operation.deadline!r}")
        facts += _auth(operation.auth or call.exchange.service.auth)
        facts += self._checks(call)
        return lay_out(Group(f"{call.constant} = Operation(", tuple(facts), ")"))

    def _request(self, call: Call) -> str:
        message = call.exchange.request
        if not message.params:
            return self._type(message.type)
        self.file.imports.add("from . import models")
        return f"models.{spell(message.struct.name, Role.TYPE)}"

    def _type(self, ref: TypeRef | None) -> str:
        text = self.file.type(ref)
        if "models." in text:
            self.file.imports.add("from . import models")
        return text

    def _errors(self, errors: Sequence[str]) -> list[Group]:
        if not errors:
            return []
        self.file.imports.add("from . import errors")
        names = tuple(f"errors.{type_name(error)}" for error in errors)
        return [Group("errors=(", names, _closing(names))]

    def _checks(self, call: Call) -> list[str]:
        sides = {"validate": call.exchange.request, "validate_response": call.exchange.response}
        found = {s: self.validators.get(m.struct.name.wire) for s, m in sides.items()}
        if any(found.values()):
            self.file.imports.add("from . import validation")
        return [f"{side}=validation.{check}" for side, check in found.items() if check]


_FLAGS = ("readonly", "idempotent", "oneway")


def _invoke(call: Call) -> str | Group:
    """How the dispatcher calls the handler: with the one value, or with the parameters one by one."""
    if call.takes_value:
        return f"invoke=lambda handler, request: handler.{call.attribute}(request)"
    if not call.fields:
        return f"invoke=lambda handler, _: handler.{call.attribute}()"
    arguments = tuple(f"request.{name}" for name in call.fields)
    return Group(f"invoke=lambda handler, request: handler.{call.attribute}(", arguments, ")")


def _auth(auth: Auth | None) -> list[str]:
    if auth is None or not auth.schemes:
        return []
    facts = [f"auth={_tuple(auth.schemes)}"]
    return [*facts, f"scopes={_tuple(auth.scopes)}"] if auth.scopes else facts


def _tuple(texts: Sequence[str]) -> str:
    return f"({', '.join(map(quote, texts))}{_closing(texts)}"


def _closing(items: Sequence[str]) -> str:
    return ",)" if len(items) == 1 else ")"
