"""Everything that a definition can say and some form cannot: one row a construct.

The row of a construct holds a smallest definition with it. ``docs/fidelity.md`` is this table
beside those of the formats, ``occurrences`` finds constructs in a model.
"""

from __future__ import annotations

from svcgen.diagnostics import Rule, Severity
from svcgen.frozen import frozen

_HEAD = "svcgen: 1\npackage: sample\n"


@frozen
class Construct:
    """``words`` is how the documentation calls it; ``rule`` reports what becomes of it."""

    code: str
    words: str
    rule: Rule

    @property
    def example(self) -> str:
        return self.rule.example


def _construct(code: str, words: str, *lines: str) -> Construct:
    rule = Rule(
        code=f"loss-{code}",
        message="{what} in {form}: {how}",
        fix="{instead}",
        why=(
            f"Not every form has a word for {words}. `docs/fidelity.md` shows what each makes of"
            " it, and which of them carries the original."
        ),
        example=_HEAD + "\n".join(lines) + "\n",
        severity=Severity.WARNING,
    )
    return Construct(code, words, rule)


def _field(code: str, words: str, kind: str) -> Construct:
    return _construct(code, words, "types:", "  A:", f"    x: {kind}")


def _method(code: str, words: str, method: str) -> Construct:
    return _construct(code, words, "services:", "  S:", "    methods:", f"      m: {method}")


_ROWS = (
    _field("small-integer", "integers of 8 and 16 bits", "int8"),
    _field("unsigned", "unsigned integers", "uint32"),
    _field("unsigned-64", "unsigned integers of 64 bits", "uint64"),
    _field("int64", "integers of 64 bits", "int64"),
    _field("float32", "numbers of 32 bits", "float32"),
    _field("decimal", "decimal numbers", "decimal"),
    _field("bytes", "bytes", "bytes"),
    _field("timestamp", "instants", "timestamp"),
    _field("date", "dates", "date"),
    _field("time", "times of day", "time"),
    _field("duration", "durations", "duration"),
    _field("uuid", "UUIDs", "uuid"),
    _field("any", "values of any type", "any"),
    _field("set", "sets", "set<string>"),
    _field("map", "maps", "map<string, int32>"),
    _field("map-key", "maps with keys that are no texts", "map<int32, string>"),
    _field(
        "map-odd-key", "maps with keys that are neither texts nor integers", "map<date, string>"
    ),
    _field("nested-container", "containers in containers", "list<list<string>>"),
    _field("nullable-item", "containers with nulls in them", "list<int32|null>"),
    _field("optional", "optional fields", "int32?"),
    _field("nullable", "nullable fields", "int32|null"),
    _field(
        "optional-nullable",
        "fields that may be absent or null",
        "{type: int32|null, optional: true}",
    ),
    _field("default", "defaults", "{type: int32, default: 1}"),
    _field("oneof", "fields of which at most one is there", "{type: int32?, oneof: group}"),
    _field("limits", "limits on values", "{type: int32, min: 1}"),
    _field("pattern", "patterns of texts", "{type: string, pattern: a+}"),
    _field("unique", "lists without duplicates", "{type: list<string>, unique: true}"),
    _field("json-name", "names of their own on JSON", '{type: int32, json: "@x"}'),
    _field("number", "numbers of fields", "{type: int32, number: 7}"),
    _field("example", "examples", "{type: int32, example: 5}"),
    _field("doc", "documentation", "{type: int32, doc: The first.}"),
    _field("deprecated", "deprecation", "{type: int32, deprecated: true}"),
    _field("deprecation-reason", "reasons of a deprecation", "{type: int32, deprecated: use y}"),
    _field("since", "the version since which something is there", '{type: int32, since: "2"}'),
    _field("renamed-from", "former names", "{type: int32, renamed_from: y}"),
    _field("tags", "tags", "{type: int32, tags: [new]}"),
    _field("annotation", "annotations", "{type: int32, x-unit: m}"),
    _construct("unicode-name", "names beyond ASCII", "types:", "  A:", "    größe: int32"),
    _construct(
        "reserved",
        "reserved numbers and names",
        "types:",
        "  A:",
        "    fields: {x: int32}",
        "    reserved: {numbers: [2], names: [y]}",
    ),
    _construct("empty", "structs without fields", "types:", "  A: {}"),
    _construct("recursion", "types that hold themselves", "types:", "  A:", "    again: A?"),
    _construct("enum", "enums", "types:", "  A: {enum: [X, Y]}"),
    _construct(
        "closed-enum", "enums that never grow", "types:", "  A: {enum: [X, Y], closed: true}"
    ),
    _construct("enum-number", "numbers of enum values", "types:", "  A: {enum: {X: 4}}"),
    _construct(
        "enum-alias", "other names of enum values", "types:", "  A: {enum: {X: {aliases: [Y]}}}"
    ),
    _construct("union", "unions", "types:", "  A: {union: {x: int32, y: string}}"),
    _construct("alias", "aliases", "types:", "  A: {alias: string}", "  B: {a: A}"),
    _construct("constant", "constants", "constants:", "  A: {type: int32, value: 1}"),
    _construct(
        "error",
        "typed errors",
        "errors:",
        "  A: {code: not_found, fields: {x: int32}}",
        "services:",
        "  S: {methods: {m: {errors: [A]}}}",
    ),
    _construct(
        "error-code",
        "codes of errors",
        "errors:",
        "  A: not_found",
        "services:",
        "  S: {methods: {m: {errors: [A]}}}",
    ),
    _construct(
        "error-policy",
        "messages of errors, and whether to try again",
        "errors:",
        "  A: {code: aborted, retryable: true}",
    ),
    _method("method-name", "names of methods that begin with a small letter", "{}"),
    _method("no-answer", "methods without an answer", "{}"),
    _method("parameters", "several parameters", "{params: {a: int32, b: int32}}"),
    _method(
        "single-value",
        "values that are no struct as input or output",
        "{input: string, output: list<int32>}",
    ),
    _method("client-stream", "streams from the client", "{input: stream string}"),
    _method("server-stream", "streams from the server", "{output: stream string}"),
    _method("both-streams", "streams both ways", "{input: stream string, output: stream string}"),
    _method("one-way", "one-way calls", "{params: {a: int32}, oneway: true}"),
    _method("readonly", "methods that change nothing", "{returns: int32, readonly: true}"),
    _method("idempotent", "methods that may be repeated", "{returns: int32, idempotent: true}"),
    _method("deadline", "deadlines", "{returns: int32, deadline: 2}"),
    _method("auth", "authentication", "{returns: int32, auth: bearer}"),
    _construct(
        "pagination",
        "pagination",
        "types:",
        "  A: {items: list<string>, next_page_token: string?}",
        "services:",
        "  S:",
        "    methods:",
        "      m: {params: {page_token: string?}, returns: A, pagination: true}",
    ),
    _method(
        "route", "HTTP methods and paths", "{params: {a: int32}, returns: int32, http: POST /m}"
    ),
    _method(
        "wire-facts",
        "wire facts of other protocols",
        "{returns: int32, bind: {dubbo: {version: 2}}}",
    ),
    _construct("event", "events", "services:", "  S:", "    events:", "      e: string"),
    _construct(
        "event-policy",
        "how events are delivered",
        "services:",
        "  S:",
        "    events:",
        "      e: {payload: string, delivery: work}",
    ),
    _construct(
        "several-services",
        "several services",
        "services:",
        "  S: {methods: {m: {}}}",
        "  T: {methods: {m: {}}}",
    ),
    _construct("version", "the version of a definition", 'version: "2"'),
    _construct("server", "servers", "servers:", "  local: grpc://localhost:1"),
    _construct("json-style", "integers that JSON writes as texts", "json: {int64: string}"),
    _construct("absent-zero", "JSON that leaves out what is zero", "json: {absent: zero}"),
    _construct(
        "absent-refused",
        "JSON that is refused without a required field",
        "types:",
        "  A: {x: int32}",
    ),
)

CONSTRUCTS = {row.code: row for row in _ROWS}
"""All of them by code, in the order of the documentation."""
