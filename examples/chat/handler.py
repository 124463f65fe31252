"""Rooms in memory: who talks in a room hears everybody in it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

from chat import Chat, Line, NoSuchRoom, runtime


class Room:
    """What was said, and who listens."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.listeners: set[asyncio.Queue[Line | None]] = set()

    def say(self, line: Line) -> None:
        line.sent = dt.datetime.now(dt.UTC)
        self.lines.append(line)
        for listener in self.listeners:
            listener.put_nowait(line)


class ChatHandler(Chat):
    """Keeps the rooms; a room opens when somebody talks in it."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    async def rooms(self) -> list[str]:
        return sorted(self._rooms)

    async def history(self, room: str, limit: int) -> AsyncIterator[Line]:
        if room not in self._rooms:
            raise NoSuchRoom(room=room)
        for line in self._rooms[room].lines[-limit:]:
            yield line

    async def talk(self, requests: AsyncIterator[Line]) -> AsyncIterator[Line]:
        name = runtime.current().metadata.get("room", "lobby")
        room = self._rooms.setdefault(name, Room())
        heard: asyncio.Queue[Line | None] = asyncio.Queue(maxsize=1000)
        listening = asyncio.create_task(self._listen(requests, room, heard))
        room.listeners.add(heard)
        try:
            while (line := await heard.get()) is not None:
                yield line
        finally:
            room.listeners.discard(heard)
            listening.cancel()

    async def _listen(
        self,
        requests: AsyncIterator[Line],
        room: Room,
        heard: asyncio.Queue[Line | None],
    ) -> None:
        """Say what comes in; when the speaker has ended, so does what they hear."""
        first = True
        async for line in requests:
            if first:
                self.publish_joined(line)
                first = False
            room.say(line)
        await heard.put(None)
