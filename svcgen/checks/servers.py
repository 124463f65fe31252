"""The URLs of servers."""

from __future__ import annotations

import re

from svcgen.checks.subjects import EXAMPLE
from svcgen.diagnostics import Report, Rule
from svcgen.model.service import Api

BAD_URL = Rule(
    code="bad-url",
    message="server {name!r} has the URL {url!r}: {problem}",
    fix="write scheme://host:port, such as grpc://localhost:50051; several addresses with commas",
    why=(
        "A client picks the protocol by the scheme of the URL and connects to its host. Several"
        " addresses after one scheme, `grpc://a:1,b:2`, are used in turn."
    ),
    example=EXAMPLE + "servers:\n  local: {url: 'grpc://localhost:99999'}\n",
)

_SCHEME = r"[a-z][a-z0-9+.-]*"
_ADDRESS = r"(?:[^\s:@\[\]/]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?"


def check_servers(api: Api, report: Report) -> None:
    for server in api.servers:
        for url in server.urls:
            if problem := _problem(url):
                report.add(BAD_URL, server.meta.span, name=server.name, url=url, problem=problem)


def _problem(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if not separator:
        return "it has no scheme"
    if not re.fullmatch(_SCHEME, scheme):
        return f"{scheme!r} is no scheme"
    authority = re.split("[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    if not authority:
        return "" if rest.startswith("/") or scheme == "memory" else "it has no host"
    for address in authority.split(","):
        match = re.fullmatch(_ADDRESS, address)
        if match is None or int(match[1] or 0) > 65535:
            return f"{address!r} is no host and port"
    return ""
