"""Reading without the garbage collector: a definition is many objects, of which none is garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed(*, lasting: bool = False) -> Iterator[None]:
    """No garbage collection meanwhile: looking through large trees again and again takes long.

    ``lasting``: what there is then stays for the rest of the run, and is never looked through.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if lasting:
            gc.freeze()
        if was_enabled:
            gc.enable()
