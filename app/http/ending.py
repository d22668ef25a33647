"""How a request ends: with its answer, with a refusal, or with nothing for a client that left."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Send

from app.errors import HorngateError, NotReady
from app.http.body import ClientLeftError
from app.http.departure import Departure
from app.http.dialect import Dialect
from app.http.middleware import log_failure
from app.http.record import CLIENT_LEFT, RequestRecord


async def conclude(
    answering: Awaitable[None],
    send: Send,
    record: RequestRecord,
    departure: Departure,
    dialect: Dialect,
    *,
    request_id: Callable[[], str] | None = None,
) -> None:
    """Wait for the answer to go out; a client that leaves gets none, and an error goes out in its dialect.

    `request_id` tells what the client calls the request, where it may have said so meanwhile; else it is the record's.
    """

    async def refuse(error: HorngateError) -> None:
        await dialect.refusal(error, request_id() if request_id else record.request_id).send(send)

    try:
        await answering
    except HorngateError as error:
        await refuse(error)
    except ClientLeftError:
        record.status = CLIENT_LEFT
    except asyncio.CancelledError:
        if departure.has_left:
            record.status = CLIENT_LEFT
        elif record.status:
            raise  # half an answer is out
        else:  # the server's grace on the way out is over
            await refuse(NotReady("the server is shutting down", retry_after_seconds=1.0))
    except Exception as error:
        if record.status:
            raise  # half an answer is out: only a broken connection can tell
        log_failure(record.request_id, error)
        await dialect.internal_refusal(request_id() if request_id else record.request_id).send(send)
