"""Bytes that come over a connection, cut into messages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from struct import Struct

from .thrift_wire import Incomplete, Malformed

_LENGTH = Struct(">I").unpack_from
SMALL = 16384
MAX_FRAME = 0x10000000  # bytes; what claims more is none
PATIENCE = 0.002  # seconds before another look at a message whose length nobody told


class Inbox:
    """Gathers bytes until there are enough, and hands on message after message.

    A message without a frame has to be read to know whether it has ended. So that a
    client that sends byte by byte costs no more than it should, looks at a large one
    wait until it has grown by an eighth, or for four times as long as the last took.
    """

    def __init__(
        self,
        limit: int,
        *,
        framed: Callable[[bytes], bool | None],
        message: Callable[[bytes, int], int],
        oversized: Callable[[bytes, int], None],
        broken: Callable[[Malformed], None],
    ) -> None:
        """``limit``: bytes of a message.

        ``framed`` tells from the first bytes, or ``None`` if they do not;
        ``message(data, at)`` takes the message at a position and returns where it
        ends, or raises ``Incomplete`` or ``Malformed``; ``broken`` hears of the latter.
        ``oversized(data, at)`` takes the head of one that is beyond the limit, or raises
        as well. The rest of its frame is skipped; without a frame nothing follows.
        """
        self._limit = limit
        self._find_framed = framed
        self._read: Callable[[bytes], None] = self._read_first
        self._message = message
        self._oversized = oversized
        self._broken = broken
        self._parts: list[bytes] = []
        self._size = 0
        self._needed = 0
        self._wanted = 0
        self._surplus = 0  # bytes that are still to come of a frame that is skipped
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0

    def add(self, data: bytes) -> None:
        """More has come."""
        if self._size:
            self._since = time.monotonic()
            self._parts.append(data)
            self._size += len(data)
            if self._size < self._wanted:
                return
            data = self._take()
        read = self._read
        try:
            read(data)
        except Malformed as malformed:
            self._broken(malformed)

    def stalled(self, since: float) -> bool:
        """Has a message begun, and nothing more come since before ``since``?"""
        begun = self._size > 0 or self._surplus > 0
        return begun and self._since < since

    def close(self) -> None:
        """Forget everything."""
        self._take()

    def _read_first(self, data: bytes) -> None:
        framed = self._find_framed(data)
        if framed is not None:
            self._read = self._read_frames if framed else self._read_bare
            self._read(data)
        elif data:
            self._keep(data, 6)

    def _read_frames(self, data: bytes) -> None:
        at, size = 0, len(data)
        while size - at >= 4:
            (length,) = _LENGTH(data, at)
            end = at + 4 + length
            if length > self._limit:
                if not self._refuse(data, at, end):
                    return
            elif end > size:
                self._keep(data[at:], end - at)
                return
            elif end == size:
                self._read_frame(data, at + 4)
                return
            else:
                self._read_frame(data[at + 4 : end], 0)
            at = end
        if at < size:
            self._keep(data[at:], 4)

    def _read_frame(self, data: bytes, at: int) -> None:
        message = self._message
        try:
            message(data, at)
        except Incomplete:
            raise Malformed("the frame ends inside of its message") from None

    def _refuse(self, data: bytes, at: int, end: int) -> bool:
        """Refuse a frame beyond the limit; is all of it there?"""
        if end - at >= MAX_FRAME:
            raise Malformed("no frame is so large")
        try:
            self._oversized(data, at + 4)
        except Incomplete as incomplete:
            self._keep(data[at:], incomplete.needed - at)
            return False
        if end > len(data):
            self._surplus = end - len(data)
            self._since = time.monotonic()
            self._read = self._read_surplus
        return end < len(data)

    def _read_surplus(self, data: bytes) -> None:
        """The rest of a frame that was refused."""
        self._since = time.monotonic()
        rest = data[self._surplus :]
        self._surplus = max(0, self._surplus - len(data))
        if not self._surplus:
            self._read = self._read_frames
            self._read(rest)

    def _read_bare(self, data: bytes) -> None:
        """Messages without frames: they end where their structs do."""
        at, size = 0, len(data)
        started = time.monotonic() if size >= SMALL else 0.0
        message = self._message
        while at < size:
            try:
                at = message(data, at)
            except Incomplete as incomplete:
                needed = incomplete.needed - at
                if max(needed, size - at) > self._limit:
                    self._end(data, at)
                    return
                self._keep(data[at:], needed)
                if self._size >= SMALL:
                    self._look_later(time.monotonic() - started)
                return

    def _end(self, data: bytes, at: int) -> None:
        """Nobody knows where a message beyond the limit ends, unless in a frame."""
        try:
            self._oversized(data, at)
        except Incomplete:
            raise Malformed("the message is too large") from None

    def _keep(self, data: bytes, needed: int) -> None:
        """Keep ``data`` until there are ``needed`` bytes."""
        self._parts = [data]
        self._size = len(data)
        self._needed = self._wanted = needed
        self._since = time.monotonic()

    def _look_later(self, took: float) -> None:
        """It took ``took`` seconds to find the message incomplete."""
        self._wanted = max(self._needed, self._size + self._size // 8)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(PATIENCE, 4 * took), self._look)

    def _look(self) -> None:
        self._timer = None
        self._wanted = self._needed
        self.add(b"")

    def _take(self) -> bytes:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        data = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts = []
        self._size = 0
        return data
