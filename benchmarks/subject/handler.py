"""The handler of the contests: reads every field, builds the reply."""

from __future__ import annotations

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
