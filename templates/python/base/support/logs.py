"""Structured logs: one JSON object a line, with the trace id of its call."""

from __future__ import annotations

import json
import logging
import time
import traceback
from datetime import UTC, datetime

from .context import CURRENT, Context

LOGGER = logging.getLogger(__package__.partition(".")[0])


def log_call(context: Context, code: str, fault: BaseException | None = None) -> None:
    """Log the end of a call; a ``fault`` is the handler's own, with its traceback."""
    level = logging.INFO if fault is None else logging.ERROR
    if not LOGGER.isEnabledFor(level):
        return
    facts = {
        "operation": context.operation.key,
        "protocol": context.protocol,
        "code": code,
        "peer": context.peer,
        "seconds": round(time.monotonic() - context.started, 6),
        "trace_id": context.trace.trace_id,
        "span_id": context.trace.span_id,
    }
    LOGGER.log(level, "call ended", extra={"facts": facts}, exc_info=fault)


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON.

    A record written while a call is served has the call's trace id. ``extra`` with a
    mapping ``facts`` adds more.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (context := CURRENT.get()) is not None:
            entry["operation"] = context.operation.key
            entry["trace_id"] = context.trace.trace_id
            entry["span_id"] = context.trace.span_id
        entry.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[1] is not None:
            fault = traceback.format_exception(record.exc_info[1])
            entry["traceback"] = "".join(fault)
        return json.dumps(entry, default=str)


def configure(level: int | str = logging.INFO) -> None:
    """Send all logs of this process to standard error as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
