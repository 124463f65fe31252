"""What can be wrong with an HTTP binding."""

from __future__ import annotations

from svcgen.diagnostics import Rule, Severity


def _example(method: str, rest: str = "") -> str:
    return f"svcgen: 1\n{rest}services:\n  Books:\n    methods:\n{method}"


UNKNOWN_PARAMETER = Rule(
    code="http-unknown-parameter",
    message="the HTTP {place} of {operation} names {parameter!r}, which is no parameter of it",
    fix="name a parameter of the operation, or leave it out",
    why=(
        "A path's braces and the keys query, header and body name parameters of the operation, or"
        " fields of its input. A stream of requests has none outside of its messages."
    ),
    example=_example("      get: {params: {id: string}, http: 'GET /books/{isbn}'}\n"),
)
PARAMETER_TWICE = Rule(
    code="http-parameter-twice",
    message="{operation} sends {parameter!r} in two places",
    fix="keep one of the places",
    why="A parameter travels once: two values for it could differ.",
    example=_example(
        "      get:\n        params: {id: string}\n"
        "        bind: {http: {method: GET, path: '/books/{id}', query: [id]}}\n"
    ),
)
NAME_TWICE = Rule(
    code="http-duplicate-name",
    message="{operation} sends {parameter!r} and {other!r} in one {place} parameter, {name!r}",
    fix="give each of them a name of its own",
    why="A server could not tell whose value it is; the names of headers have no case.",
    example=_example(
        "      find:\n        params: {title: string, author: string}\n"
        "        bind: {http: {method: GET, path: /books, query: {title: q, author: q}}}\n"
    ),
)
PARAMETER_TYPE = Rule(
    code="http-parameter-type",
    message="{parameter!r} of {operation} is {kind} and cannot travel in the {place}",
    fix="send it in the body, or give it a type that fits",
    why=(
        "Paths, queries and headers hold text: scalars and enums, and in a query lists and sets of"
        " them, and structs field by field. They have no form for null, maps, unions, lists of"
        " structs and structs that contain themselves."
    ),
    example=_example("      find: {params: {by: 'map<string, string>'}, http: GET /books}\n"),
)
OPTIONAL_IN_PATH = Rule(
    code="http-optional-in-path",
    message="{parameter!r} of {operation} is optional and stands in the path",
    fix="make it required, send it in the query, or give the operation additional_bindings",
    why=(
        "A path without one of its parts is another path: no client can call the operation over"
        " REST without a value for it."
    ),
    example=_example("      get: {params: {id: string?}, http: 'GET /books/{id}'}\n"),
    severity=Severity.WARNING,
)
UNSENT = Rule(
    code="http-unsent",
    message="{parameter!r} of {operation} is {kind} and has no place in its requests over REST",
    fix="send it in the body, give it a type that fits a query, or use another protocol for it",
    why=(
        "Queries hold text: scalars and enums, lists and sets of them, and structs field by field."
        " Over REST such a field is always absent, and the generated client refuses to send one."
    ),
    example=_example(
        "      find: {params: {by: 'map<string, string>'}, http: GET /books}\n",
        "json: {absent: zero}\n",
    ),
    severity=Severity.WARNING,
)
PATH_MALFORMED = Rule(
    code="http-path",
    message="the HTTP path {path!r} of {operation} is no path template: {problem}",
    fix="write for example: /users/{{id}}",
    why=(
        "A path consists of segments that are not empty, '.' or '..' (clients and proxies remove"
        " those), with parameters in braces, as google.api.http writes them: a name, and maybe the"
        " segments that it holds, where * is one and ** any number. A verb after a colon may end it."
    ),
    example=_example("      get: {http: GET /books/../secrets}\n"),
)
DUPLICATE_ROUTE = Rule(
    code="http-duplicate-route",
    message="{operation} and {other} are both {route}",
    fix="give one of them another path with 'http:'",
    why="A server tells operations apart by method and path; names in braces do not count.",
    example=_example("      get: {http: GET /books}\n      list: {http: GET /books}\n"),
)
AMBIGUOUS_ROUTE = Rule(
    code="http-ambiguous-route",
    message="{operation} and {other} both have the path {path}",
    fix="give one of them a path that differs in a segment without braces",
    why=(
        "Where paths overlap the nearer one is taken, which has a text where the other has braces."
        " Of these, each has one somewhere: the server takes the one with the first text from the"
        " left, and the other cannot be called there."
    ),
    example=_example(
        "      ofAuthor: {params: {author: string}, http: 'GET /books/{author}/new'}\n"
        "      byTitle: {params: {title: string}, http: 'GET /books/old/{title}'}\n"
    ),
    severity=Severity.WARNING,
)
PATH_RESERVED = Rule(
    code="http-reserved-path",
    message="{operation} has the path {path}, where the server has a page of its own",
    fix="choose another path with 'http:'",
    why="/healthz, /readyz, /openapi.json and /docs are served beside the operations.",
    example=_example("      health: {http: GET /healthz}\n"),
)
HEADER_RESERVED = Rule(
    code="http-reserved-header",
    message="{operation} sends a parameter in the header {header!r}, which HTTP itself uses",
    fix="choose another name for the header",
    why="Such headers steer the connection, the body's form and the caller's identity.",
    example=_example(
        "      get:\n        params: {id: string}\n"
        "        bind: {http: {method: GET, path: /books, header: {id: Host}}}\n"
    ),
)
BODY_MISPLACED = Rule(
    code="http-body",
    message="{operation} has a body, which {method} requests have not",
    fix="use POST, PUT or PATCH, or send the parameters in the query",
    why="Proxies and clients drop the body of such requests (RFC 9110, 9.3.1 and 9.3.5).",
    example=_example(
        "      get: {params: {id: string}, bind: {http: {method: GET, path: /books, body: '*'}}}\n"
    ),
)
STREAM_METHOD = Rule(
    code="http-stream-method",
    message="{operation} streams its requests and cannot be {method}",
    fix="use {needed}",
    why="A client stream is the request's body; both ways at once is a WebSocket, opened by GET.",
    example=_example("      add: {input: stream string, http: GET /books}\n"),
)
NO_CONTENT = Rule(
    code="http-no-content",
    message="{operation} has a result, which the status {status} forbids",
    fix="use 200 or 201, or let the operation return nothing",
    why="Responses with status 204 or 205 have no body (RFC 9110, 15.3.5 and 15.3.6).",
    example=_example(
        "      get: {returns: string, bind: {http: {method: GET, path: /books, status: 204}}}\n"
    ),
)
