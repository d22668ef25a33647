"""`Horngate`: the client for programs that wait, and for notebooks."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Literal, Self, Unpack, overload

import httpx

from app.client.batches import Errors, check, in_batches, released
from app.client.bodies import DIGIT, SENTIMENT, TOPIC, Texts
from app.client.configuration import RETRIES, TIMEOUT_SECONDS, Priority, base_url_of, conversation_of
from app.client.conversation import Options, Wishes
from app.client.errors import HorngateError
from app.client.explanations import DigitExplanation, TextExplanation
from app.client.pictures import Array, ImageFile, Pictures
from app.client.results import Classification, DigitReading, Prediction, TensorRow
from app.client.served import Health, Model, ModelDetail
from app.client.transport import Transport


class Horngate:
    """Asks one server; safe to share between threads; to be closed, best with `with`.

    A call ends within `timeout` seconds, all retries included. It is sent up to `retries` times more after 429, 503 and
    broken connections, never sooner than the server asks. `priority` and `headers` go with every request. `transport`
    is httpx's, for proxies and the like. Every call raises a `HorngateError` where it fails.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: int = RETRIES,
        priority: Priority | None = None,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._conversation = conversation_of(timeout, retries, priority, headers)
        self._transport = Transport(httpx.Client(base_url=base_url_of(url), transport=transport), sleep)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; safe to call twice."""
        self._transport.close()

    @overload
    def sentiment(self, text: str, **options: Unpack[Options]) -> Classification: ...
    @overload
    def sentiment(self, text: Texts, **options: Unpack[Options]) -> list[Classification]: ...
    def sentiment(self, text: Any, **options: Unpack[Options]) -> Any:
        """Whether a text, English or Chinese, is `positive`, `neutral` or `negative`; for a list, a list."""
        return self._transport.run(self._conversation.predict(SENTIMENT, text, SENTIMENT, **options))

    @overload
    def topic(self, text: str, **options: Unpack[Options]) -> Classification: ...
    @overload
    def topic(self, text: Texts, **options: Unpack[Options]) -> list[Classification]: ...
    def topic(self, text: Any, **options: Unpack[Options]) -> Any:
        """What a news text is about: `World`, `Sports`, `Business` or `Sci/Tech`; for a list, a list."""
        return self._transport.run(self._conversation.predict(TOPIC, text, TOPIC, **options))

    @overload
    def digit(self, image: Pictures, **options: Unpack[Options]) -> list[DigitReading]: ...
    @overload
    def digit(self, image: ImageFile, **options: Unpack[Options]) -> DigitReading: ...
    @overload
    def digit(self, image: Array, **options: Unpack[Options]) -> DigitReading | list[DigitReading]: ...
    def digit(self, image: Any, **options: Unpack[Options]) -> Any:
        """The digit in a picture: a file's bytes or path, a numpy array, or a PIL image; for several, a list.

        An array of 28×28 is taken as MNIST has them, ink high; any other as a picture of (height, width) or with 3
        channels, 0–1 or 0–255, in which the digit is found. With one dimension more, arrays are several pictures.
        """
        return self._transport.run(self._conversation.predict(DIGIT, image, DIGIT, **options))

    @overload
    def predict(self, model: str, inputs: Mapping[str, Any], **options: Unpack[Options]) -> list[TensorRow]: ...
    @overload
    def predict(self, model: str, inputs: Any, **options: Unpack[Options]) -> Any: ...
    def predict(self, model: str, inputs: Any, **options: Unpack[Options]) -> Any:
        """What any served model says to its inputs: texts, pictures, or each tensor's rows by name.

        Rows are nested lists or arrays; a model with one tensor takes them without its name, and every row has its
        `TensorRow`. The first call of a model asks the server what its inputs are.
        """
        return self._transport.run(self._conversation.predict(model, inputs, **options))

    @overload
    def explain(
        self,
        model: Literal["sentiment", "topic"],
        given: str,
        explained: str | int | None = None,
        **wishes: Unpack[Wishes],
    ) -> TextExplanation: ...
    @overload
    def explain(
        self,
        model: Literal["digit"],
        given: ImageFile | Array,
        explained: str | int | None = None,
        **wishes: Unpack[Wishes],
    ) -> DigitExplanation: ...
    @overload
    def explain(self, model: str, given: Any, explained: str | int | None = None, **wishes: Unpack[Wishes]) -> Any: ...
    def explain(self, model: str, given: Any, explained: str | int | None = None, **wishes: Unpack[Wishes]) -> Any:
        """Why a model predicts what it predicts for one text or one picture: what each word or pixel contributed.

        `explained` is another class than the predicted one, by its name or digit. Integrated gradients also explain one
        row of tensors, `explained` then being a label or the place of a number in the output. The server runs all of it
        as it runs a request of as many inputs: with `priority="low"` predictions go first.
        """
        return self._transport.run(self._conversation.explain(model, given, explained, **wishes))

    @overload
    def map(
        self,
        model: str,
        items: Iterable[Any],
        *,
        batch: int = 64,
        concurrency: int = 4,
        errors: Literal["return"] = "return",
        **options: Unpack[Options],
    ) -> Generator[Prediction | HorngateError, None, None]: ...
    @overload
    def map(
        self,
        model: str,
        items: Iterable[Any],
        *,
        batch: int = 64,
        concurrency: int = 4,
        errors: Literal["raise"],
        **options: Unpack[Options],
    ) -> Generator[Prediction, None, None]: ...
    def map(
        self,
        model: str,
        items: Iterable[Any],
        *,
        batch: int = 64,
        concurrency: int = 4,
        errors: Errors = "return",
        **options: Unpack[Options],
    ) -> Generator[Any, None, None]:
        """A prediction for each item, in their order, from `concurrency` requests at once of `batch` items each.

        The items may be endless: no more are read than are under way. One that is wrong has its error in its place, or
        ends everything with `errors="raise"`; an error that is no item's own always does. For a model with several
        tensors an item is a row of each by name. The timeout is that of each request.
        """
        check(batch, concurrency, errors)
        return self._mapped(model, in_batches(items, batch), concurrency, errors, options)

    def models(self) -> list[Model]:
        """Every served model."""
        return self._transport.run(self._conversation.models())

    def model(self, name: str) -> ModelDetail:
        """One model, with what each version takes and gives."""
        return self._transport.run(self._conversation.model(name))

    def health(self) -> Health:
        """What is served, and what cannot be and why."""
        return self._transport.run(self._conversation.health())

    def ready(self) -> bool:
        """Whether to send requests: not while models are loaded, the server drains or cannot be reached."""
        return self._transport.run(self._conversation.ready())

    def _mapped(
        self, model: str, batches: Iterator[list[Any]], concurrency: int, errors: Errors, options: Options
    ) -> Generator[Prediction | HorngateError, None, None]:
        """The results of the batches, in order, `concurrency` of them under way."""
        under_way: deque[Future[list[Prediction | HorngateError]]] = deque()
        with ThreadPoolExecutor(concurrency, "horngate-map") as threads:
            try:
                for items in batches:
                    under_way.append(
                        threads.submit(self._transport.run, self._conversation.rows(model, items, options))
                    )
                    if len(under_way) == concurrency:
                        yield from released(under_way.popleft().result(), errors)
                while under_way:
                    yield from released(under_way.popleft().result(), errors)
            finally:
                for future in under_way:
                    future.cancel()
