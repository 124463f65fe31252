"""The request and response of each operation as one message, for every wire that has messages.

An operation's several parameters become a struct ``<Method>Request``. A value that is no struct (a
stream of int32, a returned list) is wrapped where a wire needs a message: field ``value`` in a
stream or an input, field ``result`` in a unary response. Names are chosen here, once.
"""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.frozen import frozen, replace
from svcgen.model.kept import kept
from svcgen.model.naming import Name
from svcgen.model.service import Api, Event, Operation, Service
from svcgen.model.types import Alias, Field, Meta, NamedRef, Struct, TypeRef


@frozen
class Message:
    """What one direction of an operation carries.

    ``type`` is the handler's type (``None``: nothing). ``struct`` describes the message: the type's
    own struct, the struct of the parameters, or the wrapper of a single value.
    """

    struct: Struct
    type: TypeRef | None
    wrapped: bool = False  # struct has one field, the value
    params: bool = False  # struct holds the parameters; the handler gets them one by one


@frozen
class Exchange:
    """An operation, or the subscription to an event, with both of its messages."""

    service: Service
    operation: Operation
    request: Message
    response: Message
    event: Event | None = None  # of which the operation is the subscription


@kept
def exchanges(api: Api) -> tuple[Exchange, ...]:
    """Every operation and event subscription of every service, in definition order."""
    namer = _Namer(api)
    return tuple(
        _exchange(api, service, operation, event, namer)
        for service in api.services
        for operation, event in _operations(service)
    )


def synthetic_structs(api: Api) -> tuple[Struct, ...]:
    """The structs that hold parameters, which languages emit beside the definition's own."""
    return tuple(e.request.struct for e in exchanges(api) if e.request.params)


def resolve(ref: TypeRef, types: Mapping[str, object]) -> TypeRef:
    """``ref`` with aliases at its head followed to what they name."""
    while isinstance(ref, NamedRef) and isinstance(alias := types.get(ref.name), Alias):
        ref = alias.target
    return ref


def subscription(event: Event) -> Operation:
    """The server stream that stands for an event: ``subscribe_<event>``."""
    from svcgen.model.service import Payload

    return Operation(
        name=Name.parse(f"subscribe_{event.name.snake}"),
        meta=event.meta,
        output=Payload(event.payload, stream=True),
        readonly=True,
        idempotent=True,
        number=event.number,
    )


def _operations(service: Service) -> list[tuple[Operation, Event | None]]:
    plain: list[tuple[Operation, Event | None]] = [(o, None) for o in service.operations]
    return plain + [(subscription(event), event) for event in service.events]


class _Namer:
    """Gives messages names that nothing else has."""

    def __init__(self, api: Api) -> None:
        self._taken = {*api.types, *api.errors, *(s.name.pascal for s in api.services)}

    def name(self, service: Service, operation: Operation, suffix: str) -> Name:
        short = operation.name.pascal + suffix
        name = short if short not in self._taken else service.name.pascal + short
        while name in self._taken:
            name += "Message"
        self._taken.add(name)
        return Name.parse(name)


def _exchange(
    api: Api, service: Service, operation: Operation, event: Event | None, namer: _Namer
) -> Exchange:
    request = operation.input
    response = operation.output
    if operation.params:
        struct = Struct(namer.name(service, operation, "Request"), operation.params, operation.meta)
        asked = Message(struct, None, params=True)
    else:
        asked = _message(api, request.type if request else None, "value", operation.meta)
        asked = _named(asked, service, operation, "Request", namer)
    wrapper = "value" if response and response.stream else "result"
    answered = _message(api, response.type if response else None, wrapper, operation.meta)
    answered = _named(answered, service, operation, "Response", namer)
    return Exchange(service, operation, asked, answered, event)


def _message(api: Api, ref: TypeRef | None, wrapper: str, meta: Meta) -> Message:
    """The message of one value, its struct still nameless where it has to be made."""
    if ref is None:
        return Message(Struct(Name.parse(wrapper), (), meta), None)
    head = resolve(ref, api.types)
    named = api.types.get(head.name) if isinstance(head, NamedRef) else None
    if isinstance(named, Struct):
        return Message(named, ref)
    field = Field(Name.parse(wrapper), ref, Meta(ref.span), number=1)
    return Message(Struct(field.name, (field,), meta), ref, wrapped=True)


def _named(
    message: Message, service: Service, operation: Operation, suffix: str, namer: _Namer
) -> Message:
    if message.type is not None and not message.wrapped:
        return message
    return replace(
        message, struct=replace(message.struct, name=namer.name(service, operation, suffix))
    )
