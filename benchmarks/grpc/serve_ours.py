"""Ours: the generated server of the folder in the first argument. Prints its address."""

from __future__ import annotations

import importlib
import sys

sys.path.insert(0, sys.argv[1])


def main() -> None:
    shop = importlib.import_module("shop")
    handler = importlib.import_module("shop.handler").ShopHandler()
    server = shop.serve(handler, urls=["grpc://127.0.0.1:0"])
    server.run(lambda started: print(started.urls[0].removeprefix("grpc://"), flush=True))


if __name__ == "__main__":
    main()
