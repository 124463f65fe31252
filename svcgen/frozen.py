"""Frozen values: what ``dataclass(frozen=True, slots=True)`` gives, made in a tenth of its time.

svcgen has over a hundred classes of values and starts for every run. ``dataclasses`` compiles six
functions for each of them, which took a third of a run; here all share the same ones, but for the
names of the parameters of ``__init__``. mypy sees the same class either way. What no value of
svcgen needs is left out: inheritance between values, ``field()``, ordering.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType, MappingProxyType
from typing import Any, NoReturn, TypeVar, dataclass_transform

_T = TypeVar("_T")

EMPTY: Mapping[str, Any] = MappingProxyType({})
"""The default of an attribute that is a mapping."""


@dataclass_transform(frozen_default=True)
def frozen(cls: type[_T]) -> type[_T]:
    """Make ``cls`` a value of its annotated attributes, in their order.

    It gets slots, ``__init__`` (which calls ``__post_init__`` if there is one), equality and hash
    by its class and attributes, ``repr`` and ``match``; to set or delete an attribute raises
    ``AttributeError``. A default is one object for all values, so it must be immutable itself.
    """
    names = tuple(cls.__annotations__)
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    kept = dict(cls.__dict__)
    for unslotted in (*defaults, "__dict__", "__weakref__"):
        kept.pop(unslotted, None)
    namespace = {
        **_SHARED,
        **kept,
        "__slots__": names,
        "__match_args__": names,
        "__qualname__": cls.__qualname__,
        "_compared": attrgetter("__class__", *names),
    }
    made: type[_T] = type(cls.__name__, cls.__bases__, namespace)
    made.__init__ = _initialiser(made, names, defaults)  # type: ignore[method-assign]
    return made


def replace(value: _T, /, **changes: Any) -> _T:
    """A copy of a frozen value with some attributes changed; ``TypeError`` for one it lacks."""
    return type(value)(**(attributes(value) | changes))


def attributes(value: object) -> dict[str, Any]:
    """The attributes of a frozen value by their names, in their order."""
    return {name: getattr(value, name) for name in type(value).__match_args__}  # type: ignore[attr-defined]


def defaults(cls: type) -> dict[str, Any]:
    """The defaults of a frozen class, by the attributes that have one."""
    given: tuple[object, ...] = cls.__init__.__defaults__ or ()  # type: ignore[misc]
    names: tuple[str, ...] = cls.__match_args__  # type: ignore[attr-defined]
    return dict(zip(names[len(names) - len(given) :], given, strict=True))


def is_frozen(value: object) -> bool:
    """Whether it is a value of a class that :func:`frozen` made."""
    return type(value).__setattr__ is _refuse_to_set


def _initialiser(cls: type, names: tuple[str, ...], defaults: Mapping[str, object]) -> FunctionType:
    """``__init__`` of a class with these slots: sets every one, then lets the class check itself.

    Meanwhile the value is of another class of the same layout, which refuses nothing: that takes
    half the time of going around the refusal for every attribute. It is made for the first value.
    """

    def open_first(value: object, _: None) -> None:
        known["Open"] = type(f"Open{cls.__name__}", cls.__bases__, {"__slots__": names})
        known["become"] = _become
        _become(value, known["Open"])

    known: dict[str, Any] = {"become": open_first, "Open": None, "Closed": cls}
    code = _code(len(names), settles=hasattr(cls, "__post_init__"))
    given = {f"p{number}": name for number, name in enumerate(names)}
    code = code.replace(
        co_varnames=("self", *names),
        co_names=tuple(given.get(name, name) for name in code.co_names),
        co_qualname=f"{cls.__qualname__}.__init__",
    )
    if tuple(defaults) != names[len(names) - len(defaults) :]:
        raise TypeError(f"{cls.__qualname__}: an attribute without a default follows one with it")
    return FunctionType(code, known, "__init__", tuple(defaults.values()))


@cache
def _code(count: int, *, settles: bool) -> CodeType:
    """The code of an ``__init__`` of so many parameters, which gets their names from each class.

    Classes with equally many share it, for compiling is what takes the time.
    """
    numbers = range(count)
    body = [
        "become(self, Open)",
        *(f"self.p{n} = p{n}" for n in numbers),
        "self.__class__ = Closed",
    ]
    body += ["self.__post_init__()"] * settles
    parameters = ", ".join(["self", *(f"p{n}" for n in numbers)])
    made: dict[str, FunctionType] = {}
    exec(f"def __init__({parameters}): {'; '.join(body)}", made)
    return made["__init__"].__code__


def _equal(self: Any, other: Any) -> bool:
    same: bool = type(other) is type(self) and self._compared(self) == self._compared(other)
    return same


def _hash(self: Any) -> int:
    return hash(self._compared(self))


def _reduced(self: object) -> tuple[type, tuple[Any, ...]]:
    """How a value travels to another process."""
    return type(self), tuple(attributes(self).values())


def _shown(self: object) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in attributes(self).items())
    return f"{type(self).__qualname__}({given})"


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise AttributeError(f"cannot assign to {name!r} of a frozen {type(self).__name__}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise AttributeError(f"cannot delete {name!r} of a frozen {type(self).__name__}")


_become: Callable[[object, type], None] = object.__dict__["__class__"].__set__
"""Gives a value another class of the same layout."""

_SHARED = {
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _shown,
    "__reduce__": _reduced,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
}
