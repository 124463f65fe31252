"""How calls travel: one file a protocol, each with a constant ``PROTOCOL``. To add one, add a file.

A protocol turns an operation into wire facts (``svcgen.model.bindings``) or reports why it cannot.
It names no language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from svcgen.diagnostics import Report
from svcgen.frozen import EMPTY, frozen
from svcgen.model.bindings import Binding, BoundOperation
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Streaming


@frozen
class WireProtocol:
    """``carries`` says how each of the four streaming modes travels, by words for the matrix of
    support; a mode that is absent is one that the protocol cannot carry. ``lacks`` says which of
    them do not travel over URLs of some schemes, though they do over others. ``check`` reports what
    is wrong between operations, such as two with one address.
    """

    name: str
    title: str
    schemes: tuple[str, ...]  # of its URLs; the first is the usual one
    default_port: int
    codec: str  # "json", "protobuf", "thrift": languages implement codecs, not protocols
    schema: str  # the format of its schema file
    carries: Mapping[Streaming, str]
    bind: Callable[[Api, Exchange, Report], Binding | None]
    check: Callable[[Api, Sequence[BoundOperation], Report], None] | None = None
    lacks: Mapping[str, frozenset[Streaming]] = EMPTY
