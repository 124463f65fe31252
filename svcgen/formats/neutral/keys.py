"""Every key of the definition language, by the object that it stands in.

Data only: the reader refuses what is not here, ``schema.json`` and ``docs/definition.md`` list the
same keys (tests compare them). ``x-*`` stands for every key that begins with ``x-``.
"""

from __future__ import annotations

ANNOTATIONS = "x-*"
META = ("doc", "deprecated", "since", "renamed_from", "tags", "bind", ANNOTATIONS)

DOCUMENT = (
    "svcgen",
    "package",
    "version",
    "doc",
    "imports",
    "json",
    "types",
    "errors",
    "constants",
    "services",
    "servers",
    "tags",
    "bind",
    ANNOTATIONS,
)
IMPORT = ("file", "only")
JSON = ("int64", "absent")

_LENGTHS = ("min_length", "max_length", "length", "min_items", "max_items", "pattern", "unique")
CONSTRAINTS = ("min", "max", "exclusive_min", "exclusive_max", *_LENGTHS)

_EXAMPLES = ("example", "examples")
_FIELD = ("type", "number", "optional", "nullable", "default", "oneof", "json")
FIELD = (*_FIELD, *CONSTRAINTS, *_EXAMPLES, *META)

STRUCT = ("fields", "mixins", "reserved", *_EXAMPLES, *META)
ENUM = ("enum", "closed", "reserved", *META)
UNION = ("union", "reserved", *META)
ALIAS = ("alias", *CONSTRAINTS, *META)
RESERVED = ("numbers", "names")
ENUM_VALUE = ("number", "aliases", *META)

ERROR = ("code", "message", "fields", "retryable", *META)
CONSTANT = ("type", "value", *META)
SERVER = ("url", "urls", *META)

SERVICE = ("methods", "events", "resource", "mixins", "auth", *META)
_INPUT = ("params", "input")
_OUTPUT = ("returns", "output")
_BEHAVIOUR = ("errors", "readonly", "idempotent", "oneway", "deadline", "auth", "pagination")
METHOD = (*_INPUT, *_OUTPUT, "http", *_BEHAVIOUR, "number", *_EXAMPLES, *META)
AUTH = ("schemes", "scopes")
PAGINATION = ("token", "next_token", "items")
EVENT = ("payload", "key", "delivery", "durable", "retries", "dead_letter", "number", *META)
RESOURCE = ("type", "id", "path", "plural", "methods")
RESOURCE_METHODS = ("list", "get", "create", "update", "delete")

PROTOCOLS = (
    "http",
    "grpc",
    "protobuf",
    "thrift",
    "soap",
    "jsonrpc",
    "graphql",
    "dubbo",
    "amqp",
    "kafka",
    "stomp",
)
BIND = (*PROTOCOLS, ANNOTATIONS)
HTTP_RULE = ("method", "path", "query", "header", "body", "response_body")
HTTP = (*HTTP_RULE, "status", "additional_bindings", ANNOTATIONS)
HTTP_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

OBJECTS = {
    "document": DOCUMENT,
    "import": IMPORT,
    "json": JSON,
    "field": FIELD,
    "struct": STRUCT,
    "enum": ENUM,
    "union": UNION,
    "alias": ALIAS,
    "reserved": RESERVED,
    "enumValue": ENUM_VALUE,
    "error": ERROR,
    "constant": CONSTANT,
    "server": SERVER,
    "service": SERVICE,
    "method": METHOD,
    "auth": AUTH,
    "pagination": PAGINATION,
    "event": EVENT,
    "resource": RESOURCE,
    "bind": BIND,
    "http": HTTP,
    "httpRule": HTTP_RULE,
}
"""The tables by the names that ``schema.json`` gives them."""
