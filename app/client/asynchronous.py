"""`AsyncHorngate`: the client for programs with an event loop."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Literal, Self, Unpack, overload

import httpx

from app.client.batches import Errors, check, in_batches_of_stream, released
from app.client.bodies import DIGIT, SENTIMENT, TOPIC, Texts
from app.client.configuration import RETRIES, TIMEOUT_SECONDS, Priority, base_url_of, conversation_of
from app.client.conversation import Options, Wishes
from app.client.errors import HorngateError
from app.client.explanations import DigitExplanation, TextExplanation
from app.client.pictures import Array, ImageFile, Pictures
from app.client.results import Classification, DigitReading, Prediction, TensorRow
from app.client.served import Health, Model, ModelDetail
from app.client.transport import AsyncTransport


class AsyncHorngate:
    """Asks one server, as `Horngate` does, from one event loop; to be closed, best with `async with`."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: int = RETRIES,
        priority: Priority | None = None,
        headers: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._conversation = conversation_of(timeout, retries, priority, headers)
        self._transport = AsyncTransport(httpx.AsyncClient(base_url=base_url_of(url), transport=transport), sleep)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections; safe to call twice."""
        await self._transport.close()

    @overload
    async def sentiment(self, text: str, **options: Unpack[Options]) -> Classification: ...
    @overload
    async def sentiment(self, text: Texts, **options: Unpack[Options]) -> list[Classification]: ...
    async def sentiment(self, text: Any, **options: Unpack[Options]) -> Any:
        """As `Horngate.sentiment`."""
        return await self._transport.run(self._conversation.predict(SENTIMENT, text, SENTIMENT, **options))

    @overload
    async def topic(self, text: str, **options: Unpack[Options]) -> Classification: ...
    @overload
    async def topic(self, text: Texts, **options: Unpack[Options]) -> list[Classification]: ...
    async def topic(self, text: Any, **options: Unpack[Options]) -> Any:
        """As `Horngate.topic`."""
        return await self._transport.run(self._conversation.predict(TOPIC, text, TOPIC, **options))

    @overload
    async def digit(self, image: Pictures, **options: Unpack[Options]) -> list[DigitReading]: ...
    @overload
    async def digit(self, image: ImageFile, **options: Unpack[Options]) -> DigitReading: ...
    @overload
    async def digit(self, image: Array, **options: Unpack[Options]) -> DigitReading | list[DigitReading]: ...
    async def digit(self, image: Any, **options: Unpack[Options]) -> Any:
        """As `Horngate.digit`."""
        return await self._transport.run(self._conversation.predict(DIGIT, image, DIGIT, **options))

    @overload
    async def predict(self, model: str, inputs: Mapping[str, Any], **options: Unpack[Options]) -> list[TensorRow]: ...
    @overload
    async def predict(self, model: str, inputs: Any, **options: Unpack[Options]) -> Any: ...
    async def predict(self, model: str, inputs: Any, **options: Unpack[Options]) -> Any:
        """As `Horngate.predict`."""
        return await self._transport.run(self._conversation.predict(model, inputs, **options))

    @overload
    async def explain(
        self,
        model: Literal["sentiment", "topic"],
        given: str,
        explained: str | int | None = None,
        **wishes: Unpack[Wishes],
    ) -> TextExplanation: ...
    @overload
    async def explain(
        self,
        model: Literal["digit"],
        given: ImageFile | Array,
        explained: str | int | None = None,
        **wishes: Unpack[Wishes],
    ) -> DigitExplanation: ...
    @overload
    async def explain(
        self, model: str, given: Any, explained: str | int | None = None, **wishes: Unpack[Wishes]
    ) -> Any: ...
    async def explain(
        self, model: str, given: Any, explained: str | int | None = None, **wishes: Unpack[Wishes]
    ) -> Any:
        """As `Horngate.explain`."""
        return await self._transport.run(self._conversation.explain(model, given, explained, **wishes))

    @overload
    def map(
        self,
        model: str,
        items: Iterable[Any] | AsyncIterable[Any],
        *,
        batch: int = 64,
        concurrency: int = 4,
        errors: Literal["return"] = "return",
        **options: Unpack[Options],
    ) -> AsyncGenerator[Prediction | HorngateError, None]: ...
    @overload
    def map(
        self,
        model: str,
        items: Iterable[Any] | AsyncIterable[Any],
        *,
        batch: int = 64,
        concurrency: int = 4,
        errors: Literal["raise"],
        **options: Unpack[Options],
    ) -> AsyncGenerator[Prediction, None]: ...
    def map(
        self,
        model: str,
        items: Iterable[Any] | AsyncIterable[Any],
        *,
        batch: int = 64,
        concurrency: int = 4,
        errors: Errors = "return",
        **options: Unpack[Options],
    ) -> AsyncGenerator[Any, None]:
        """As `Horngate.map`, of what is iterated with `for` or with `async for`."""
        check(batch, concurrency, errors)
        batches = in_batches_of_stream(items, batch)
        return self._mapped(model, batches, concurrency, errors, options)

    async def models(self) -> list[Model]:
        """As `Horngate.models`."""
        return await self._transport.run(self._conversation.models())

    async def model(self, name: str) -> ModelDetail:
        """As `Horngate.model`."""
        return await self._transport.run(self._conversation.model(name))

    async def health(self) -> Health:
        """As `Horngate.health`."""
        return await self._transport.run(self._conversation.health())

    async def ready(self) -> bool:
        """As `Horngate.ready`."""
        return await self._transport.run(self._conversation.ready())

    async def _mapped(
        self, model: str, batches: AsyncIterator[list[Any]], concurrency: int, errors: Errors, options: Options
    ) -> AsyncGenerator[Prediction | HorngateError, None]:
        """The results of the batches, in order, `concurrency` of them under way."""
        under_way: deque[asyncio.Task[list[Prediction | HorngateError]]] = deque()
        try:
            async for items in batches:
                under_way.append(
                    asyncio.create_task(self._transport.run(self._conversation.rows(model, items, options)))
                )
                if len(under_way) == concurrency:
                    for result in released(await under_way.popleft(), errors):
                        yield result
            while under_way:
                for result in released(await under_way.popleft(), errors):
                    yield result
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
