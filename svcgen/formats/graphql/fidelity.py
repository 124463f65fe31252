"""What SDL makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import kept

_UNSAID = kept("nothing; servers that svcgen generates hold to it")
_STREAM = kept("nothing: GraphQL has no streams from the client")

TABLE = {
    "any": kept("a scalar of its own, which may be null"),
    "default": kept("a field that may be null; of what is given, a default"),
    "server-stream": kept("a subscription, which changes nothing"),
    "no-answer": kept("a Boolean, which is true"),
    "small-integer": kept("an Int"),
    "float32": kept("a Float"),
    "set": kept("a list"),
    "optional-nullable": kept("a field that may be null"),
    "nullable": kept("a field that may be null"),
    "oneof": kept("fields that may be null"),
    "limits": _UNSAID,
    "pattern": _UNSAID,
    "unique": _UNSAID,
    "json-name": kept("a name of ASCII letters"),
    "number": kept("nothing"),
    "example": kept("nothing"),
    "since": kept("nothing"),
    "renamed-from": kept("nothing"),
    "tags": kept("nothing"),
    "annotation": kept("nothing"),
    "unicode-name": kept("a name of ASCII letters"),
    "reserved": kept("nothing"),
    "closed-enum": kept("an enum"),
    "enum-number": kept("nothing"),
    "enum-alias": kept("nothing"),
    "alias": kept("what it names"),
    "constant": kept("nothing"),
    "error": kept("nothing; it travels in the extensions of an error"),
    "error-code": kept("nothing"),
    "error-policy": kept("nothing"),
    "client-stream": _STREAM,
    "both-streams": _STREAM,
    "one-way": kept("a mutation"),
    "idempotent": kept("a mutation"),
    "deadline": kept("nothing"),
    "auth": kept("nothing"),
    "pagination": kept("plain fields"),
    "route": kept("nothing"),
    "wire-facts": kept("nothing"),
    "event": kept("a subscription"),
    "event-policy": kept("nothing"),
    "several-services": kept("fields of the same roots"),
    "version": kept("nothing"),
    "server": kept("nothing"),
    "json-style": kept("nothing"),
    "absent-zero": _UNSAID,
}
