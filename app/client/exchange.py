"""What the conversation asks of a transport, and what it hears: no input or output happens in here.

An operation is a generator. It yields `Send` and hears a `Reply` or `NoReply`, yields `Wait` and hears nothing, and
returns its result; whoever runs it, with threads or with a loop, needs to know no more.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Request:
    """One request, but for what every request of a client has; `body` is JSON, None for GET."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @property
    def method(self) -> str:
        """GET without a body, POST with one."""
        return "GET" if self.body is None else "POST"


@dataclass(frozen=True, slots=True)
class Send:
    """Send this, with these headers, and give up after so many seconds."""

    request: Request
    headers: Mapping[str, str]
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer; `headers` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class NoReply:
    """The connection could not be made or broke; or, `is_late`, the time was over first."""

    reason: str
    is_late: bool = False


Outcome: TypeAlias = Reply | NoReply | None
"""What a step leads to: nothing, for one that only waited."""

Steps: TypeAlias = Generator[Send | Wait, Outcome, Result]
"""An operation that gives a `Result` in the end, or raises a `HorngateError`."""
