"""The command line: one file a command; each parses arguments, calls the library and prints."""

from __future__ import annotations

import sys

FINDING, FAULT = 1, 3
INTERRUPTED = 130  # 128 + SIGINT, as shells count


class Failure(Exception):
    """Something outside of the definition ends the command with :data:`FINDING`."""


def say(text: str, *, err: bool = False, end: str = "\n") -> None:
    """Print at once, so that a reader who has gone is known of here; ``err``: on standard error."""
    print(text, file=sys.stderr if err else sys.stdout, end=end, flush=True)
