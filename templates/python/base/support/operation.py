"""What a protocol must know of one operation: types, kind and promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from .errors import ServiceError, Violation


class Kind(Enum):
    """The four ways in which messages flow: (requests stream, responses stream)."""

    UNARY = (False, False)
    CLIENT_STREAM = (True, False)
    SERVER_STREAM = (False, True)
    BIDI = (True, True)

    def __init__(self, asks_stream: bool, gives_stream: bool) -> None:
        self.asks_stream = asks_stream
        self.gives_stream = gives_stream


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One method (or event subscription) of a service, as the definition says it."""

    service: str
    name: str  # as the definition writes it
    kind: Kind
    request: Any  # the type of one request, a Struct of the parameters; None: nothing
    response: Any  # the type of one response; None: nothing
    invoke: Callable[
        [Any, Any], Any
    ]  # (handler, request or request iterator) -> what the handler returns
    errors: tuple[type[ServiceError], ...] = ()
    readonly: bool = False
    idempotent: bool = False
    oneway: bool = False
    deadline: float | None = None  # seconds
    auth: tuple[str, ...] = ()  # schemes of which one must succeed; empty: open
    scopes: tuple[str, ...] = ()
    validate: Callable[[Any], list[Violation]] | None = None  # limits of one request
    validate_response: Callable[[Any], list[Violation]] | None = None
    errors_by_name: dict[str, type[ServiceError]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = {error.error_name: error for error in self.errors}
        object.__setattr__(self, "errors_by_name", names)

    @property
    def key(self) -> str:
        """``Service.method``: unique in a definition; what logs and spans say."""
        return f"{self.service}.{self.name}"
