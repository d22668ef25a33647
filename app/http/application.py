"""The ASGI stack: predictions straight to their endpoint, everything else through the framework."""

from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.fast_path import FastPath
from app.http.middleware import ObservingMiddleware
from app.http.observation import RequestObserver
from app.http.predict import PREFIX, PredictEndpoint


class Bypass:
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
    """A FastAPI application whose every request is observed, and whose predictions pass its own layers by.

    On its fast path small ones pass even ASGI by, where the server that runs the application knows of it.
    """

    def __init__(
        self, predict: PredictEndpoint, fast_path: FastPath, observer: RequestObserver, **options: Any
    ) -> None:
        super().__init__(**options)
        self.fast_path = fast_path
        self._predict = ObservingMiddleware(predict, observer)
        self.add_middleware(ObservingMiddleware, observer=observer)

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's stack, behind the fast path."""
        return Bypass(self._predict, super().build_middleware_stack())
