"""Structured logs: one JSON object a line, with the trace id of the call that wrote it."""

from __future__ import annotations

import json
import logging
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .context import Context
    from .errors import ServiceError

LOGGER = logging.getLogger(__package__.partition(".")[0])


def log_call(context: Context, failure: ServiceError | None) -> None:
    """Log the end of a call; a fault of the handler's own with its traceback."""
    fault = failure is not None and failure.__cause__ is not None and failure.__cause__ is not failure
    level = logging.ERROR if fault else logging.INFO
    if not LOGGER.isEnabledFor(level):
        return
    facts = {
        "operation": context.operation.key,
        "protocol": context.protocol,
        "code": "ok" if failure is None else failure.code.value,
        "peer": context.peer,
        "trace_id": context.trace.trace_id,
    }
    cause = failure.__cause__ if failure is not None and fault else None
    LOGGER.log(level, "call ended", extra={"facts": facts}, exc_info=cause)


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry["traceback"] = "".join(traceback.format_exception(record.exc_info[1]))
        return json.dumps(entry, ensure_ascii=False)


def configure(level: int = logging.INFO) -> None:
    """Send the logs of this package and its libraries to standard error as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
