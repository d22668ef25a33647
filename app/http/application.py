"""The ASGI stack: what is asked most straight to its endpoint, everything else through the framework."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.fast_path import FastPath
from app.http.middleware import ObservingMiddleware


class HotEndpoint(Protocol):
    """Plain ASGI for the POST requests that it claims; the framework's own layers would cost as much again."""

    def claims(self, path: str) -> Mapping[str, str] | None:
        """The parameters that a path of this endpoint's holds; None for any other path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""


class Bypass:
    """Hands each POST request to the endpoint that claims its path, and everything else to the framework."""

    def __init__(self, hot: Sequence[tuple[HotEndpoint, ASGIApp]], otherwise: ASGIApp) -> None:
        self._hot = hot
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and scope["method"] == "POST":
            for endpoint, observed in self._hot:
                parameters = endpoint.claims(scope["path"])
                if parameters is not None:
                    scope["path_params"] = parameters
                    await observed(scope, receive, send)
                    return
        await self._otherwise(scope, receive, send)


class Application(FastAPI):
    """A FastAPI application whose every request is observed, and whose hot endpoints pass its own layers by.

    On its fast path small predictions pass even ASGI by, where the server that runs the application knows of it.
    """

    def __init__(self, hot: Sequence[HotEndpoint], fast_path: FastPath, **options: Any) -> None:
        super().__init__(**options)
        self.fast_path = fast_path
        observer, pacing = fast_path.observer, fast_path.pacing
        self._hot = [(endpoint, ObservingMiddleware(endpoint, observer, pacing)) for endpoint in hot]
        self.add_middleware(ObservingMiddleware, observer=observer, pacing=pacing)

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's stack, behind the fast path."""
        return Bypass(self._hot, super().build_middleware_stack())
