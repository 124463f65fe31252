"""A library of one book and its author; the rest comes back as it was sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from library import (
    AddBookInput,
    AddBookPayload,
    Addressing,
    Author,
    Book,
    BookBy,
    BookConnection,
    BookEdge,
    BookFilter,
    Dated,
    DatedBook,
    Found,
    FoundAuthor,
    FoundBook,
    Genre,
    Library,
    Node,
    NodeAuthor,
    NodeBook,
    NodeRoot,
    Order,
    Root,
    Thing,
    Unused,
)

EMMA = Book(id="b1", title="Emma", genre=Genre.NOVEL, pages=[1, None], table=[[0.5], None])
EMMA.sequel = Book(id="b2", title="Emma II", table=[])
JANE = Author(id="a1", name2="Jane", books=[EMMA], best=EMMA)


class LibraryHandler(Library):
    """Answers every field of the schema."""

    async def id(self) -> str:
        return "root"

    async def hello(self, name: str | None) -> str | None:
        return None if name is None else f"Hello, {name}!"

    async def node(self, id: str) -> Node | None:
        known: dict[str, Node] = {
            "b1": NodeBook(value=EMMA),
            "a1": NodeAuthor(value=JANE),
            "root": NodeRoot(value=Root()),
        }
        return known.get(id)

    async def nodes(self, ids: list[str]) -> list[Node | None]:
        return [await self.node(each) for each in ids]

    async def dated(self, first: int | None, after: str | None) -> list[Dated] | None:
        return [DatedBook(value=EMMA)]

    async def books(self, filter: BookFilter | None, order: Order) -> BookConnection:
        total = 0 if filter is None else len(filter.genres or [])
        return BookConnection(edges=[BookEdge(cursor="1", node=EMMA), None], total=total)

    async def search(self, text: str) -> list[Found]:
        return [FoundBook(value=EMMA), FoundAuthor(value=JANE)]

    async def unused(self) -> Unused | None:
        return None

    async def json(self, value: Any) -> Any:
        return value

    async def maybe(
        self, value: Any | None, some: list[Any | None] | None, sure: list[Any]
    ) -> list[list[Any] | None] | None:
        return [sure, None]

    async def big(self, number: Any | None, positive: Any | None) -> Any | None:
        return number

    async def again(self) -> Root | None:
        return Root()

    async def old(self, a: int | None, b: int | None) -> int | None:
        return b

    async def older(self) -> int | None:
        return 1

    async def book(self, by: BookBy) -> Book | None:
        return EMMA

    async def add_book(self, request: AddBookInput) -> AddBookPayload | None:
        return AddBookPayload(book=Book(id="b3", title=request.title, table=[]), query=Root())

    async def mutation_hello(self) -> int | None:
        return 1

    async def rate(self, request: int) -> float:
        return request / 2

    async def put(self, input: Addressing, extra: Addressing | None) -> bool:
        return extra is None

    async def store(self, value: Thing) -> Thing | None:
        return value

    async def book_added(self, genre: Genre | None) -> AsyncIterator[Book]:
        yield EMMA

    async def subscription_hello(self, every: float) -> AsyncIterator[int]:
        yield 1
        yield 2

    async def book_authors(self, book: Book, first: int | None, after: str | None) -> list[Author]:
        return [JANE][:first] if book.id == "b1" else []

    async def book_added2(self, book: Book, format: str | None) -> str:
        return f"{book.title}, {format}"
