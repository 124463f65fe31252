"""Users, kept in memory."""

from __future__ import annotations

from uuid import UUID, uuid4

from users import NewUser, User, UserNotFound, UserPage, Users


class UsersHandler(Users):
    """Keeps users in a dictionary, in the order of their creation."""

    def __init__(self) -> None:
        self._users: dict[UUID, User] = {}

    async def list_users(
        self, page_size: int | None, page_token: str | None
    ) -> UserPage:
        users = list(self._users.values())
        start = int(page_token) if page_token and page_token.isdecimal() else 0
        end = start + min(page_size or 50, 100)
        return UserPage(
            items=users[start:end],
            next_page_token=str(end) if end < len(users) else None,
        )

    async def get_user(self, id: UUID) -> User:
        return self._found(id)

    async def create_user(self, request: NewUser) -> User:
        user = User(
            id=uuid4(),
            name=request.name,
            email=request.email,
            role=request.role,
            age=request.age,
        )
        self._users[user.id] = user
        return user

    async def update_user(self, id: UUID, user: NewUser) -> User:
        self._found(id)
        changed = User(
            id=id, name=user.name, email=user.email, role=user.role, age=user.age
        )
        self._users[id] = changed
        return changed

    async def delete_user(self, id: UUID) -> None:
        del self._users[self._found(id).id]

    def _found(self, id: UUID) -> User:
        user = self._users.get(id)
        if user is None:
            raise UserNotFound(id=id)
        return user
