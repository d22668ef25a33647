"""The ASGI stack: predictions straight to their endpoint, everything else through the framework."""

from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.middleware import ObservingMiddleware
from app.http.predict import PredictEndpoint
from app.observability.access_log import AccessLog
from app.observability.metrics import Metrics

PREFIX = "/predict/"


class FastPath:
    """Hands predictions to their endpoint directly; the framework's own layers would cost them about as much again."""

    def __init__(self, predict: ASGIApp, otherwise: ASGIApp) -> None:
        self._predict = predict
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; anything but a POST to `/predict/{model}` is the framework's."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(PREFIX):
            model = scope["path"][len(PREFIX) :]
            if model and "/" not in model:
                scope["path_params"] = {"model": model}
                await self._predict(scope, receive, send)
                return
        await self._otherwise(scope, receive, send)


class Application(FastAPI):
    """A FastAPI application whose every request is observed, and whose predictions pass its own layers by."""

    def __init__(
        self, predict: PredictEndpoint, metrics: Metrics, access_log: AccessLog | None, **options: Any
    ) -> None:
        super().__init__(**options)
        self._predict = ObservingMiddleware(predict, metrics, access_log)
        self.add_middleware(ObservingMiddleware, metrics=metrics, access_log=access_log)

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's stack, behind the fast path."""
        return FastPath(self._predict, super().build_middleware_stack())
