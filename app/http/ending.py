"""How a request ends: with its answer, with a refusal, or with nothing for a client that left."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Send

from app.errors import HorngateError, NotReady
from app.http.body import ClientLeftError
from app.http.departure import Departure
from app.http.problems import Rendered
from app.http.record import CLIENT_LEFT, RequestRecord


async def conclude(
    answering: Awaitable[None],
    send: Send,
    record: RequestRecord,
    departure: Departure,
    refusal: Callable[[HorngateError], Rendered],
) -> None:
    """Wait for the answer to go out; a client that leaves gets none, and an error goes out as `refusal` renders it."""
    try:
        await answering
    except HorngateError as error:
        await refusal(error).send(send)
    except ClientLeftError:
        record.status = CLIENT_LEFT
    except asyncio.CancelledError:
        if departure.has_left:
            record.status = CLIENT_LEFT
        elif record.status:
            raise  # half an answer is out
        else:  # the server's grace on the way out is over
            closing = NotReady("the server is shutting down", retry_after_seconds=1.0)
            await refusal(closing).send(send)
