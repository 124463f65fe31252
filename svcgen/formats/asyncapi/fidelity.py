"""What an AsyncAPI document makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import Said, kept, left_out, noted

_STREAM = left_out("nothing: a queue takes one request", "use proto for streams from the client")


def _key(name: str) -> Said:
    return noted(f"the key x-{name}, which other readers pass over")


TABLE = {
    "map-odd-key": kept("an object, whose keys are texts"),
    "oneof": noted("optional properties with x-oneof"),
    "number": _key("number"),
    "deprecated": noted("the word of schemas; of operations and channels x-deprecated"),
    "since": _key("since"),
    "renamed-from": _key("renamed-from"),
    "tags": noted("tags of operations; of anything else x-tags"),
    "unicode-name": noted(
        "keys of ASCII letters, any other as its code; properties keep their names"
    ),
    "reserved": noted("x-reserved-numbers and x-reserved-names"),
    "enum-number": _key("values"),
    "enum-alias": _key("values"),
    "constant": _key("constants"),
    "error-code": _key("code"),
    "error-policy": noted("x-message and x-retryable"),
    "client-stream": _STREAM,
    "both-streams": _STREAM,
    "server-stream": noted("a sequence of replies: x-stream"),
    "readonly": _key("readonly"),
    "idempotent": _key("idempotent"),
    "deadline": noted("the expiration of a message on AMQP, and x-deadline"),
    "auth": noted("security schemes; scopes in x-auth"),
    "pagination": _key("pagination"),
    "route": _key("bind"),
    "wire-facts": _key("bind"),
    "event-policy": noted(
        "a queue or an exchange of AMQP, and x-delivery, x-durable, x-retries, x-dead-letter"
    ),
    "server": noted("a server if it is a broker, and x-servers"),
    "json-style": _key("json"),
    "absent-zero": _key("json"),
}
