"""What a .proto makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import kept

_TEXT = kept("a string")
_MESSAGE = kept("a message around it")
_UNSAID = kept("nothing; servers that svcgen generates hold to it")

_ENUM = kept("its values with the enum's name before theirs, and one of number 0")
_PRESENT = kept("a message, which may be absent")

TABLE = {
    "method-name": kept("a name that begins with a capital"),
    "no-answer": kept("an empty message"),
    "timestamp": _PRESENT,
    "duration": _PRESENT,
    "any": _PRESENT,
    "enum": _ENUM,
    "closed-enum": _ENUM,
    "enum-number": _ENUM,
    "enum-alias": _ENUM,
    "small-integer": kept("an int32"),
    "decimal": _TEXT,
    "date": _TEXT,
    "time": _TEXT,
    "uuid": _TEXT,
    "set": kept("a repeated field"),
    "map-odd-key": kept("repeated messages of key and value"),
    "nested-container": _MESSAGE,
    "nullable-item": _MESSAGE,
    "nullable": kept("an optional field"),
    "optional-nullable": _MESSAGE,
    "default": kept("an optional field; its default is known to readers of svcgen"),
    "limits": _UNSAID,
    "pattern": _UNSAID,
    "unique": _UNSAID,
    "example": kept("nothing"),
    "deprecation-reason": kept("the option deprecated; the reason is in the comment"),
    "since": kept("nothing"),
    "renamed-from": kept("nothing"),
    "tags": kept("nothing"),
    "annotation": kept("nothing"),
    "unicode-name": kept("a name of ASCII letters with the true one as json_name"),
    "union": kept("a message of one oneof"),
    "alias": kept("what it names"),
    "constant": kept("nothing"),
    "error": kept("a message, carried in the details of a status"),
    "error-code": kept("nothing; it travels as the status"),
    "error-policy": kept("nothing"),
    "parameters": kept("a request message"),
    "single-value": kept("a message around it"),
    "one-way": kept("a method with an empty response"),
    "deadline": kept("nothing; it travels as grpc-timeout"),
    "auth": kept("nothing"),
    "pagination": kept("plain fields"),
    "wire-facts": kept("nothing"),
    "event": kept("a method that streams to its subscribers"),
    "event-policy": kept("nothing"),
    "version": kept("nothing"),
    "server": kept("nothing"),
    "json-style": kept("nothing"),
    "absent-refused": kept("fields that JSON may leave out where they are zero"),
}
