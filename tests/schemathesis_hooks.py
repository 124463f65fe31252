"""What Schemathesis must be told: a body of NDJSON is here one line, the item that the schema describes."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def ndjson(ctx: object, value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"
