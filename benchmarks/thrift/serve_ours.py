"""Ours: the generated server of the folder in the first argument. Prints its port and process."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

sys.path.insert(0, sys.argv[1])


def announce(server: Any) -> None:
    print(f"{server.endpoints[0].port}:{os.getpid()}", flush=True)


def main() -> None:
    shop = importlib.import_module("shop")
    handler = importlib.import_module("shop.handler").ShopHandler()
    shop.serve(handler, urls=["thrift://127.0.0.1:0"]).run(announce)


if __name__ == "__main__":
    main()
