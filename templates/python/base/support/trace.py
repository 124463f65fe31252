"""W3C trace context, https://www.w3.org/TR/trace-context/."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_TRACEPARENT = re.compile(  # section 3.2.2; what follows is for later versions only
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
        """A new span below ``traceparent``.

        The root of a new trace if that is absent or malformed.
        """
        span_id = f"{random.getrandbits(64) or 1:016x}"
        match = _TRACEPARENT.match(traceparent)
        if match is None or not _is_valid(match):
            return cls(f"{random.getrandbits(128) or 1:032x}", span_id)
        return cls(match[2], span_id, match[4], tracestate)

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def _is_valid(match: re.Match[str]) -> bool:
    version, trace_id, span_id, _, more = match.groups()
    if version == "ff" or (version == "00" and more):
        return False
    return bool(int(trace_id, 16) and int(span_id, 16))
