"""REST over HTTP: JSON, problem+json, NDJSON and event streams, WebSocket, OpenAPI."""

from __future__ import annotations

from .rest_app import RestApp
from .rest_client import RestChannel
from .rest_listener import RestListener
from .rest_routes import Parameter, Route

__all__ = ["Parameter", "RestApp", "RestChannel", "RestListener", "Route"]
