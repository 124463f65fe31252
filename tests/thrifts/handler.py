"""The shop of shop.thrift, for the tests of what is generated from it."""

from __future__ import annotations

from shop import Base, Item, Payment, Shop, Size, SoldOut


class _Common:
    async def ping(self) -> bool:
        return True

    async def skus(self, limit: int = 16) -> list[str]:
        return [f"sku-{number}" for number in range(limit)]


class BaseHandler(_Common, Base):
    """What Base does."""


class ShopHandler(_Common, Shop):
    """What Shop does."""

    async def find(self, sku: str) -> Item:
        if sku == "none":
            raise SoldOut(sku=sku, message_="nothing left")
        return Item(sku=sku, title=f"the {sku}", size=Size.LARGE)

    async def count(self, sizes: set[Size], all_: bool | None = None) -> dict[str, int]:
        return {str(size.value): len(sizes) for size in sizes if all_ is not False}

    async def pay(self, order: int, payment: Payment) -> Payment:
        return payment

    async def rename(self, order: int, name: str) -> None: ...

    async def log(self, line: list[int]) -> None: ...

    async def forget(self, order: int) -> None: ...
