"""People, kept in memory."""

from __future__ import annotations

from directory import Directory, User


class DirectoryHandler(Directory):
    """Numbers people in the order of their creation."""

    def __init__(self) -> None:
        self._users = {"1": User(id="1", name="Ada Lovelace")}

    async def hello(self) -> str | None:
        return "Hello, world!"

    async def user(self, id: str) -> User | None:
        return self._users.get(id)

    async def create_user(self, name: str) -> User | None:
        user = User(id=str(len(self._users) + 1), name=name)
        self._users[user.id] = user
        return user
