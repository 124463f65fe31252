"""What a WSDL makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import Said, left_out, noted

_ENTRIES = noted("elements entry with key and value, of a type MapOf…")
_STREAM = left_out("nothing: SOAP asks once and answers once", "use proto or graphql for streams")
_UNIQUE = noted("a list; the attribute svc:unique says the rest")


def _attribute(name: str) -> Said:
    return noted(f"the attribute svc:{name}, which other readers pass over")


TABLE = {
    "uuid": noted("a text with a pattern, of the type Uuid"),
    "any": noted("a text that is JSON, of the type Json"),
    "set": _UNIQUE,
    "map": _ENTRIES,
    "map-key": _ENTRIES,
    "map-odd-key": _ENTRIES,
    "default": noted(
        "the default of an element; of texts, bytes and containers the attribute svc:default"
    ),
    "oneof": noted("a choice, which svc:oneof names"),
    "pattern": noted(
        "a facet that takes the same texts; where there is none, the attribute svc:pattern"
    ),
    "unique": _UNIQUE,
    "json-name": noted("a name that XML takes, and the attribute svc:name"),
    "number": _attribute("number"),
    "example": _attribute("examples"),
    "deprecated": _attribute("deprecated"),
    "deprecation-reason": noted("a line of the documentation, and the attribute svc:deprecated"),
    "since": _attribute("since"),
    "renamed-from": _attribute("renamed-from"),
    "tags": _attribute("tags"),
    "annotation": _attribute("annotations"),
    "reserved": noted("the attributes svc:reserved-numbers and svc:reserved-names"),
    "enum-number": _attribute("number"),
    "enum-alias": _attribute("aliases"),
    "constant": _attribute("constants"),
    "error-code": _attribute("code"),
    "error-policy": noted("the attributes svc:message and svc:retryable"),
    "client-stream": _STREAM,
    "server-stream": _STREAM,
    "both-streams": _STREAM,
    "readonly": _attribute("readonly"),
    "idempotent": _attribute("idempotent"),
    "deadline": _attribute("deadline"),
    "auth": _attribute("auth"),
    "pagination": _attribute("pagination"),
    "route": _attribute("bind"),
    "wire-facts": _attribute("bind"),
    "event": left_out("nothing: SOAP has no events", "use asyncapi for events"),
    "event-policy": left_out(instead="use asyncapi for events"),
    "version": noted("part of the namespace, and the attribute svc:version"),
    "server": noted("the address of the ports if it speaks SOAP, and the attribute svc:servers"),
    "json-style": _attribute("json"),
    "absent-zero": _attribute("json"),
}
