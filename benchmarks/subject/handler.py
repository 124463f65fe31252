"""The handler of the contests: reads every field, builds the reply."""

from __future__ import annotations

from collections.abc import AsyncIterator

from shop import AddRequest, AddResponse, Item, Order, Shop


class ShopHandler(Shop):
    """Adds; gives an order back, rebuilt."""

    async def add(self, request: AddRequest) -> AddResponse:
        return AddResponse(result=request.a + request.b)

    async def echo(self, request: Order) -> Order:
        items = [
            Item(sku=i.sku, quantity=i.quantity, price=i.price, tags=i.tags, note=i.note)
            for i in request.items
        ]
        return Order(id=request.id, customer=request.customer, items=items, total=request.total)

    async def plus(self, a: int, b: int) -> AddResponse:
        return AddResponse(result=a + b)

    async def order(self, items: int) -> Order:
        made = [
            Item(sku=f"SKU-{n:04}", quantity=n, price=12.5, tags=["red", "small"])
            for n in range(items)
        ]
        return Order(id=123456789, customer="Ada Lovelace", items=made, total=62.5)

    async def ticks(self, count: int) -> AsyncIterator[AddResponse]:
        for number in range(count):
            yield AddResponse(result=number)
