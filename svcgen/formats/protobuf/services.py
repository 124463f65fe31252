"""Services of a .proto file -> services of the model."""

from __future__ import annotations

from svcgen.diagnostics import Report
from svcgen.formats.protobuf.facts import meta_of
from svcgen.formats.protobuf.http import HttpRules
from svcgen.formats.protobuf.httprules import HTTP_OPTION
from svcgen.formats.protobuf.modelling import Modeller
from svcgen.formats.protobuf.shape import EMPTY_MESSAGE
from svcgen.formats.protobuf.tree import Method
from svcgen.formats.protobuf.tree import Service as ServiceTree
from svcgen.model.naming import Name
from svcgen.model.rpc import ascii_name
from svcgen.model.service import Operation, Payload, Service
from svcgen.model.types import Literal, TypeDef


class ServiceModeller:
    """Needs the finished types, since HTTP rules speak of the fields of requests."""

    def __init__(self, types: dict[str, TypeDef], modeller: Modeller, report: Report) -> None:
        self._modeller = modeller
        self._rules = HttpRules(types, modeller, report)

    def service(self, service: ServiceTree) -> Service:
        spelled = ascii_name(service.name).pascal
        bind: dict[str, Literal] = {"grpc": {"service": service.name}}
        return Service(
            Name.parse(service.name),
            tuple(self._operation(method) for method in service.methods),
            meta_of(service, bind if spelled != service.name else None),
        )

    def _operation(self, method: Method) -> Operation:
        bind: dict[str, Literal] = {}
        if ascii_name(method.name).pascal != method.name:
            bind["grpc"] = {"method": method.name}
        if (http := self._rules.of(method)) is not None:
            bind["http"] = http
        level = method.settings.get("idempotency_level")
        return Operation(
            Name.parse(method.name),
            meta_of(method, bind, HTTP_OPTION if self._rules.is_whole(method, http) else ""),
            input=self._payload(method, request=True),
            output=self._payload(method, request=False),
            readonly=level == "NO_SIDE_EFFECTS",
            idempotent=level in ("NO_SIDE_EFFECTS", "IDEMPOTENT"),
        )

    def _payload(self, method: Method, *, request: bool) -> Payload | None:
        message = method.request_type if request else method.response_type
        stream = method.client_streams if request else method.server_streams
        assert message is not None
        assert method.file is not None
        if message.full_name == EMPTY_MESSAGE and not stream:
            return None
        at = method.request_at if request else method.response_at
        ref = self._modeller.message_ref(message, method.file.tokens.span(at))
        return Payload(ref, stream)
