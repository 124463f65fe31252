"""Answers queries: by their plan, or by graphql-core where there is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import msgspec
from graphql import ExecutionResult, execute, subscribe

from .context import Context
from .dispatch import Dispatcher, StreamCall, UnaryCall
from .errors import ServiceError, Violation, invalid
from .graphql_documents import Documents, InvalidQueryError, Prepared
from .graphql_errors import Shown, show
from .graphql_faults import show_all
from .graphql_fields import SUBSCRIPTION, RootField, RootFields
from .graphql_limits import Limits
from .graphql_plan import Plan, RootCall
from .graphql_schema import BoundSchema, Convert
from .graphql_types import UnusualError
from .http_exchange import FAULTS
from .json import violation
from .operation import Operation

MakeContext = Callable[[Operation], Context]

_NOT_DECLARED = (UnusualError, *FAULTS)
"""What a projection raises when a handler returned what its operation does not."""

encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Run:
    """One execution: where contexts come from, and what handlers have answered already."""

    make_context: MakeContext
    given: dict[str, Any] = field(default_factory=dict)  # by the response key
    contexts: list[Context] = field(default_factory=list)

    def context(self, operation: Operation) -> Context:
        context = self.make_context(operation)
        self.contexts.append(context)
        return context


class Executor:
    """Executes queries of one schema."""

    def __init__(
        self,
        sdl: str,
        fields: RootFields,
        dispatcher: Dispatcher,
        limits: Limits,
    ) -> None:
        self.bound = BoundSchema(sdl, fields)
        self.limits = limits
        self.documents = Documents(
            self.bound,
            limits,
            fields,
            introspection=dispatcher.settings.reflection,
        )
        self._calls: dict[RootField, UnaryCall] = {}
        self._streams: dict[RootField, StreamCall] = {}
        for each in fields:
            if each.root == SUBSCRIPTION:
                self._streams[each] = dispatcher.stream(each.operation)
            else:
                self._calls[each] = dispatcher.call(each.operation)
            if each.of:
                self._set_method(each)
            else:
                self._set_resolver(each)

    async def run(
        self, prepared: Prepared, variables: Mapping[str, Any], run: Run
    ) -> bytes:
        """The response to a query or mutation, as JSON."""
        if prepared.plan is not None:
            try:
                requests = prepared.plan.requests(variables)
            except (UnusualError, msgspec.ValidationError, RecursionError):
                return await self._by_core(prepared, variables, run)
            return await self._by_plan(prepared, requests, variables, run)
        return await self._by_core(prepared, variables, run)

    async def subscribe(
        self, prepared: Prepared, variables: Mapping[str, Any], run: Run
    ) -> AsyncIterator[bytes]:
        """The responses to a subscription, as JSON.

        Raises ``InvalidQueryError`` before the first of them, ``ServiceError`` at any.
        """
        plan = prepared.plan
        if plan is not None and len(plan.calls) == 1:
            try:
                [request] = plan.requests(variables)
            except (UnusualError, msgspec.ValidationError, RecursionError):
                pass  # graphql-core says what is wrong, or that nothing is
            else:
                call = plan.calls[0]
                context = run.context(call.field.operation)
                values = self._streams[call.field](request, context)
                async with aclosing(values):  # type: ignore[type-var]
                    async for value in values:
                        yield await self._event(prepared, plan, value, variables, run)
                return
        responses = await self._core_stream(prepared, variables, run)
        async with aclosing(responses):
            async for response in responses:
                yield core_response(response)

    async def _event(
        self,
        prepared: Prepared,
        plan: Plan,
        value: Any,
        variables: Mapping[str, Any],
        run: Run,
    ) -> bytes:
        try:
            return _respond(plan, [value])
        except _NOT_DECLARED:
            return await self._by_core(prepared, variables, run, value)

    async def _core_stream(
        self, prepared: Prepared, variables: Mapping[str, Any], run: Run
    ) -> Any:
        result: Any = subscribe(
            self.bound.schema,
            prepared.node,
            context_value=run,
            variable_values=dict(variables),
            operation_name=prepared.name,
        )
        if isinstance(result, Awaitable):
            result = await result
        if isinstance(result, ExecutionResult):
            raise InvalidQueryError(list(result.errors or ()))
        return result

    async def _by_plan(
        self,
        prepared: Prepared,
        requests: list[Any],
        variables: Mapping[str, Any],
        run: Run,
    ) -> bytes:
        plan = prepared.plan
        assert plan is not None
        if len(requests) == 1:
            outcomes = [await self._call(plan.calls[0], requests[0], run)]
        elif prepared.kind == "mutation":
            outcomes = [
                await self._call(call, request, run)
                for call, request in zip(plan.calls, requests, strict=True)
            ]
        else:
            calls = zip(plan.calls, requests, strict=True)
            outcomes = await _all(self._call(c, r, run) for c, r in calls)
        try:
            return _respond(plan, outcomes)
        except _NOT_DECLARED:
            keys = (call.key for call in plan.calls)
            run.given = dict(zip(keys, outcomes, strict=True))
            return await self._by_core(prepared, variables, run)

    async def _call(self, call: RootCall, request: Any, run: Run) -> Any:
        """What the handler returned, or the error that it raised."""
        try:
            context = run.context(call.field.operation)
            return await self._calls[call.field](request, context)
        except ServiceError as error:
            return error

    async def _by_core(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        run: Run,
        event: Any = None,
    ) -> bytes:
        result: Any = execute(
            self.bound.schema,
            prepared.node,
            event,
            context_value=run,
            variable_values=dict(variables),
            operation_name=prepared.name,
        )
        if isinstance(result, Awaitable):
            result = await result
        return core_response(result)

    def _set_method(self, each: RootField) -> None:
        """A field of a type that takes arguments: an operation on the value that has it."""
        kind = each.operation.response
        to_graph = self.bound.response_view(each)
        read = request_reader(self.bound, each)
        call = self._calls[each]
        first = each.owner

        async def resolve(owner: Any, info: Any, **arguments: Any) -> Any:
            context = info.context.context(each.operation)
            value = await call(read({first: owner, **arguments}), context)
            return True if kind is None else _seen(value, to_graph)

        self.bound.declared(each).resolve = resolve

    def _set_resolver(self, each: RootField) -> None:
        root = self.bound.root(each.root)
        assert root is not None
        kind = each.operation.response
        to_graph = self.bound.response_view(each)
        read = request_reader(self.bound, each)
        call = self._calls.get(each)
        stream = self._streams.get(each)

        async def resolve(_root: Any, info: Any, **arguments: Any) -> Any:
            run: Run = info.context
            key = info.path.key
            if key in run.given:
                value = run.given[key]
                if isinstance(value, ServiceError):
                    raise value
            else:
                assert call is not None
                request = read(arguments)
                value = await call(request, run.context(each.operation))
            return True if kind is None else _seen(value, to_graph)

        def source(_root: Any, info: Any, **arguments: Any) -> Any:
            assert stream is not None
            request = read(arguments)
            return stream(request, info.context.context(each.operation))

        def resolve_event(event: Any, _info: Any, **_arguments: Any) -> Any:
            return _seen(event, to_graph)

        declared = root.fields[each.name]
        if call is None:
            declared.subscribe, declared.resolve = source, resolve_event
        else:
            declared.resolve = resolve


def _seen(value: Any, to_graph: Convert | None) -> Any:
    return value if to_graph is None else to_graph(value)


def request_reader(
    bound: BoundSchema, each: RootField
) -> Callable[[Mapping[str, Any]], Any]:
    """How to read the arguments that graphql-core has checked. Raises ``ServiceError``."""
    if each.operation.request is None:
        return lambda _arguments: None
    read = bound.request_reader(each)

    def read_arguments(arguments: Mapping[str, Any]) -> Any:
        try:
            return read(arguments.get(each.value) if each.value else dict(arguments))
        except UnusualError as error:
            found = Violation(error.path or each.value, error.message)
            raise invalid([found]) from None
        except msgspec.ValidationError as error:
            raise invalid([violation(error)]) from None

    return read_arguments


def _respond(plan: Plan, outcomes: Sequence[Any]) -> bytes:
    data: dict[str, Any] | None = dict(plan.constants)
    errors: list[Shown] = []
    for call, outcome in zip(plan.calls, outcomes, strict=True):
        value = None
        if isinstance(outcome, ServiceError):
            errors.append(show(outcome, [call.key], call.location))
        else:
            value = call.project(outcome)
        if value is None and not call.nullable:
            if not errors:
                raise UnusualError("is null")
            data = None
        elif data is not None:
            data[call.key] = value
    if errors:
        return encode({"data": data, "errors": errors})
    return encode({"data": data})


def core_response(result: Any) -> bytes:
    """What graphql-core answered. Without ``data`` nothing was executed."""
    if result.errors is None:
        return encode({"data": result.data})
    errors = show_all(result.errors)
    executed = result.data is not None or any(e.path for e in result.errors)
    return encode(
        {"data": result.data, "errors": errors} if executed else {"errors": errors}
    )


async def _all(calls: Any) -> list[Any]:
    """The outcomes of calls that run together; if one is cancelled, all are."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
