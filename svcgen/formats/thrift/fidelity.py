"""What a .thrift makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import kept

_TEXT = kept("a string, as JSON writes it")
_UNSAID = kept("nothing; servers that svcgen generates hold to it")
_STREAM = kept("nothing: Thrift has no streams")

TABLE = {
    "single-value": kept("an argument"),
    "unsigned": kept("the next larger signed integer"),
    "unsigned-64": kept("an i64 of the same bits, negative in the upper half"),
    "float32": kept("a double"),
    "decimal": _TEXT,
    "timestamp": _TEXT,
    "date": _TEXT,
    "time": _TEXT,
    "duration": _TEXT,
    "any": _TEXT,
    "map-odd-key": kept("a map with the texts of the keys"),
    "nullable-item": kept("a struct around it"),
    "nullable": kept("an optional field"),
    "optional-nullable": kept("an optional struct around it"),
    "oneof": kept("optional fields"),
    "limits": _UNSAID,
    "pattern": _UNSAID,
    "unique": _UNSAID,
    "json-name": kept("a name of ASCII letters"),
    "example": kept("nothing"),
    "since": kept("nothing"),
    "renamed-from": kept("nothing"),
    "tags": kept("nothing"),
    "annotation": kept("nothing"),
    "unicode-name": kept("a name of ASCII letters"),
    "reserved": kept("nothing"),
    "closed-enum": kept("an enum, which may grow"),
    "error-code": kept("an exception"),
    "error-policy": kept("nothing"),
    "client-stream": _STREAM,
    "server-stream": _STREAM,
    "both-streams": _STREAM,
    "readonly": kept("nothing"),
    "idempotent": kept("nothing"),
    "deadline": kept("nothing"),
    "auth": kept("nothing"),
    "pagination": kept("plain fields"),
    "route": kept("nothing"),
    "wire-facts": kept("nothing"),
    "event": kept("nothing: Thrift has no streams"),
    "event-policy": kept("nothing"),
    "version": kept("nothing"),
    "server": kept("nothing"),
    "json-style": kept("nothing"),
    "absent-zero": _UNSAID,
}
