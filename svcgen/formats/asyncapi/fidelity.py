"""What an AsyncAPI document makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import Said, changed, kept, lost

_STREAM = lost("nothing: a queue takes one request", "use proto for streams from the client")


def _key(name: str) -> Said:
    return kept(f"the key x-{name}, which other readers pass over")


TABLE = {
    "map-odd-key": changed("an object, whose keys are texts"),
    "oneof": kept("optional properties with x-oneof"),
    "number": _key("number"),
    "deprecated": kept("the word of schemas; of operations and channels x-deprecated"),
    "since": _key("since"),
    "renamed-from": _key("renamed-from"),
    "tags": kept("tags of operations; of anything else x-tags"),
    "unicode-name": kept(
        "keys of ASCII letters, any other as its code; properties keep their names"
    ),
    "reserved": kept("x-reserved-numbers and x-reserved-names"),
    "enum-number": _key("values"),
    "constant": _key("constants"),
    "error-code": _key("code"),
    "error-policy": kept("x-message and x-retryable"),
    "client-stream": _STREAM,
    "both-streams": _STREAM,
    "server-stream": kept("a sequence of replies: x-stream"),
    "readonly": _key("readonly"),
    "idempotent": _key("idempotent"),
    "deadline": kept("the expiration of a message on AMQP, and x-deadline"),
    "auth": kept("security schemes; scopes in x-auth"),
    "pagination": _key("pagination"),
    "route": _key("bind"),
    "wire-facts": _key("bind"),
    "event-policy": kept(
        "a queue or an exchange of AMQP, and x-delivery, x-durable, x-retries, x-dead-letter"
    ),
    "server": kept("a server if it is a broker, and x-servers"),
    "json-style": _key("json"),
}
