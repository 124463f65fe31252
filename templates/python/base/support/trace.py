"""W3C trace context (https://www.w3.org/TR/trace-context/), and OpenTelemetry spans when installed."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_TRACEPARENT = re.compile(
    r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?\Z"
)


@dataclass(frozen=True, slots=True)
class Trace:
    """``traceparent`` in parts (section 3.2), and ``tracestate`` as it came."""

    trace_id: str
    span_id: str
    flags: str = "01"
    state: str = ""

    @classmethod
    def child_of(cls, traceparent: str = "", tracestate: str = "") -> Trace:
        """A new span below ``traceparent``, or the root of a new trace if that is absent or malformed."""
        span_id = f"{random.getrandbits(64) or 1:016x}"
        match = _TRACEPARENT.match(traceparent)
        if (
            match is None
            or match[1] == "ff"
            or not int(match[2], 16)
            or not int(match[3], 16)
        ):
            return cls(f"{random.getrandbits(128) or 1:032x}", span_id)
        return cls(match[2], span_id, match[4], tracestate)

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"
