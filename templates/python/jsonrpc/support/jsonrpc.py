"""JSON-RPC 2.0 over HTTP and WebSocket (https://www.jsonrpc.org/specification)."""

from __future__ import annotations

from collections.abc import Sequence

from .channel import Channel
from .endpoint import Endpoint
from .jsonrpc_app import JsonRpcApp
from .jsonrpc_client import PostChannel
from .jsonrpc_listener import JsonRpcListener
from .jsonrpc_method import Method
from .jsonrpc_socket_client import SocketChannel
from .settings import ClientSettings

__all__ = ["JsonRpcApp", "JsonRpcListener", "Method", "open_channel"]


def open_channel(
    methods: Sequence[Method], endpoint: Endpoint, settings: ClientSettings
) -> Channel:
    """Calls by one POST each, or over one WebSocket, as the URL's scheme says."""
    if endpoint.scheme.endswith(("+ws", "+wss")):
        return SocketChannel(methods, endpoint, settings)
    return PostChannel(methods, endpoint, settings)
