"""The bytes that are sent: where to, and which bodies."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from app.bench.errors import BenchInvalid

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Body:
    """One request's body; `rows` are the inputs that it holds."""

    content: bytes
    content_type: str
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> "Target":
        """Read `http://host:port/path`; the scheme may be left out. Raises `BenchInvalid`."""
        try:
            parts = urlsplit(url if "://" in url else f"http://{url}")
            port = parts.port
        except ValueError as error:
            raise BenchInvalid(f"expected a URL such as http://127.0.0.1:8000; received {url!r} ({error})") from None
        if parts.scheme not in PORTS or not parts.hostname:
            raise BenchInvalid(f"expected a URL such as http://127.0.0.1:8000; received {url!r}")
        return cls(parts.scheme, parts.hostname, PORTS[parts.scheme] if port is None else port, _path(parts))

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a URL."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def tls(self) -> ssl.SSLContext | None:
        """The TLS settings of an https target, with the system's authorities."""
        return ssl.create_default_context() if self.scheme == "https" else None


@dataclass(frozen=True, slots=True)
class Load:
    """Requests, ready to be written: `messages` are sent in turn; each holds `rows` inputs."""

    target: Target
    messages: tuple[bytes, ...]
    rows: int = 1


def make_load(target: Target, bodies: Sequence[Body], headers: Sequence[tuple[str, str]] = ()) -> Load:
    """POST every body to the target."""
    return Load(target, tuple(_message(target, body, headers) for body in bodies), bodies[0].rows)


def _message(target: Target, body: Body, headers: Sequence[tuple[str, str]]) -> bytes:
    """One request as HTTP/1.1 wants it."""
    lines = [
        f"POST {target.path or '/'} HTTP/1.1",
        f"Host: {target.authority}",
        f"Content-Type: {body.content_type}",
        f"Content-Length: {len(body.content)}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body.content


def _path(parts: SplitResult) -> str:
    """Path and query; empty where the URL ends with the host."""
    path = "" if parts.path == "/" else parts.path
    return f"{path}?{parts.query}" if parts.query else path
