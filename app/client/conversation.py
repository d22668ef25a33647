"""Every operation of the client as steps, for whoever does the sending and the waiting."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypedDict, TypeVar
from urllib.parse import quote

from app.client.bodies import body_of, gathered
from app.client.delivery import Delivery
from app.client.errors import HorngateError, RequestRefused, ServerFailed
from app.client.exchange import Reply, Request, Steps
from app.client.explanations import Explanation, TensorExplanation, explanation_in
from app.client.replies import predictions_in, read
from app.client.results import Prediction
from app.client.served import Health, Model, ModelDetail, health_in, model_in, models_in

Read = TypeVar("Read")

HEALTH = "/health"
READY = "/health/ready"
MODELS = "/models"


class Options(TypedDict, total=False):
    """Which version answers, by number or by label, and after how many seconds the call gives up."""

    version: int | None
    label: str | None
    timeout: float | None


class Wishes(Options, total=False):
    """The same for an explanation, and how: by occlusion in at most so many `rows` of the model, which is what happens
    where nothing is said, or by integrated gradients in so many `steps`.
    """

    method: Literal["occlusion", "integrated_gradients"] | None
    rows: int | None
    steps: int | None


class Conversation:
    """What can be said to one server; knows which task each model has once it has asked."""

    def __init__(self, delivery: Delivery, timeout_seconds: float) -> None:
        self._delivery = delivery
        self._timeout_seconds = timeout_seconds
        self._tasks: dict[str, str] = {}

    def predict(
        self,
        model: str,
        inputs: Any,
        task: str | None = None,
        *,
        version: int | None = None,
        label: str | None = None,
        timeout: float | None = None,
    ) -> Steps[Any]:
        """A prediction, or a list of them where `inputs` are many; `task` where it need not be asked for."""
        seconds = self._seconds(timeout)
        deadline = self._delivery.clock() + seconds
        if task is None:
            task = yield from self.task_of(model, seconds)
        body = body_of(task, inputs)
        request = Request(f"/predict/{quote(model, safe='')}", _query(version=version, label=label), body.content)
        reply = yield from self._delivery.deliver(request, deadline - self._delivery.clock())
        predictions = predictions_in(reply)
        return predictions if body.is_many else predictions[0]

    def explain(
        self,
        model: str,
        given: Any,
        explained: str | int | None,
        *,
        timeout: float | None = None,
        **asked: Any,
    ) -> Steps[Explanation | TensorExplanation]:
        """Why the model predicts what it predicts for one input; what else is `asked` stands in the URL."""
        seconds = self._seconds(timeout)
        deadline = self._delivery.clock() + seconds
        task = yield from self.task_of(model, seconds)
        query = _query(**asked, **{"class": explained})
        request = Request(f"/explain/{quote(model, safe='')}", query, body_of(task, given).content)
        return explanation_in((yield from self._delivery.deliver(request, deadline - self._delivery.clock())))

    def rows(self, model: str, items: Sequence[Any], options: Options) -> Steps[list[Prediction | HorngateError]]:
        """A prediction for each item, or the error of one that is wrong: a refused batch is halved until it is found.

        Raises what is no item's own fault.
        """
        task = yield from self.task_of(model, self._seconds(options.get("timeout")))
        waiting, answered = [list(items)], list[Prediction | HorngateError]()
        while waiting:
            part = waiting.pop()
            try:
                found = yield from self.predict(model, gathered(task, part), task, **options)
            except HorngateError as error:
                if not _is_of_input(error):
                    raise
                if len(part) == 1:
                    answered.append(error)
                else:
                    middle = len(part) // 2
                    waiting += [part[middle:], part[:middle]]
            else:
                answered += found
        return answered

    def task_of(self, model: str, timeout_seconds: float) -> Steps[str]:
        """What the model's inputs are; asked once."""
        if model not in self._tasks:
            request = Request(f"{MODELS}/{quote(model, safe='')}")
            detail = yield from self._asked(request, model_in, timeout_seconds)
            self._tasks[model] = detail.task
        return self._tasks[model]

    def models(self) -> Steps[list[Model]]:
        """Every served model."""
        return (yield from self._asked(Request(MODELS), models_in, self._timeout_seconds))

    def model(self, name: str) -> Steps[ModelDetail]:
        """One model with its versions."""
        request = Request(f"{MODELS}/{quote(name, safe='')}")
        return (yield from self._asked(request, model_in, self._timeout_seconds))

    def health(self) -> Steps[Health]:
        """What is served, and what cannot be."""
        return (yield from self._asked(Request(HEALTH), health_in, self._timeout_seconds))

    def ready(self) -> Steps[bool]:
        """Whether to send requests, asked once."""
        outcome = yield from self._delivery.send(Request(READY), self._timeout_seconds)
        return isinstance(outcome, Reply) and outcome.status == 200

    def _asked(self, request: Request, parse: Callable[[Any], Read], timeout_seconds: float) -> Steps[Read]:
        """What a GET tells."""
        return read((yield from self._delivery.deliver(request, timeout_seconds)), parse)

    def _seconds(self, timeout: float | None) -> float:
        """How long a call may take."""
        return self._timeout_seconds if timeout is None else timeout


def _query(**asked: Any) -> dict[str, str]:
    """What is asked for in the URL."""
    return {name: str(value) for name, value in asked.items() if value is not None}


def _is_of_input(error: HorngateError) -> bool:
    """Whether it is about what was sent, so that other inputs may fare better."""
    return isinstance(error, RequestRefused) or (isinstance(error, ServerFailed) and error.code == "inference_failed")
