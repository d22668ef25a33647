"""A running server: whether it lives, is ready, agrees with this installation, and has had to turn requests away."""

import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any

import httpx

from app.cli.doctor.finding import Finding, ok, problem, warning

SERVER = "server"
SECONDS = 10.0
SKEW_SECONDS = 5.0
REJECTED = re.compile(r'^horngate_rejected_total\{[^}]*reason="([^"]+)"[^}]*\} ([0-9.e+]+)$', re.MULTILINE)


def check_server(url: str) -> Iterator[Finding]:
    """Everything that a server says of itself."""
    try:
        with httpx.Client(base_url=url, timeout=SECONDS) as client:
            live = client.get("/health/live")
            if live.status_code != httpx.codes.OK:
                found = f"{url} answers {live.status_code} to /health/live"
                yield problem(SERVER, found, "is it Horngate's address, and no proxy's?")
                return
            yield ok(SERVER, f"{url} lives")
            yield _ready(client.get("/health/ready"))
            yield from _models(client.get("/health").json())
            yield _version(client.get("/v2").json())
            yield from _turned_away(client.get("/metrics").text)
            yield _clock(live.headers.get("date", ""), time.time())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        yield problem(SERVER, f"{url}: {error or type(error).__name__}", "start it: horngate serve; see its log")


def _ready(reply: httpx.Response) -> Finding:
    """Whether requests should be sent there."""
    if reply.status_code == httpx.codes.OK:
        return ok(SERVER, "it is ready")
    detail = reply.json()["detail"]
    return problem(SERVER, f"it is not ready: {detail}", "wait while it loads; else see which models are required")


def _models(health: Any) -> Iterator[Finding]:
    """What it serves, what it cannot serve, and what waits."""
    served = ", ".join(f"{one['model']}/{one['version']} on {one['runtime']}" for one in health["models"]) or "nothing"
    yield ok(SERVER, f"it serves {served}")
    for failure in health["failures"]:
        found = f"it cannot serve {failure['folder']}: {failure['reason']}"
        yield problem(SERVER, found, "mend the folder, and start the server again")
    waiting = sum(one["queued_rows"] for one in health["models"])
    if waiting:
        yield ok(SERVER, f"{waiting:,} rows wait in the worker that answered")


def _version(told: Any) -> Finding:
    """Whether it is the same as the command's own."""
    ours = version("horngate")
    if told["version"] == ours:
        return ok(SERVER, f"its version is {ours}, as this command's")
    return warning(SERVER, f"its version is {told['version']}; this command's {ours}", "install the same on both")


def _turned_away(metrics: str) -> Iterator[Finding]:
    """Requests that it had no room or time for since it started."""
    counts: dict[str, float] = {}
    for reason, count in REJECTED.findall(metrics):
        counts[reason] = counts.get(reason, 0) + float(count)
    turned = {reason: count for reason, count in counts.items() if count}
    if not turned:
        yield ok(SERVER, "it has turned no request away")
        return
    told = ", ".join(f"{count:,.0f} for {reason}" for reason, count in turned.items())
    yield warning(SERVER, f"it has turned requests away: {told}", "add workers or machines; docs: operations, overload")


def _clock(date: str, now: float) -> Finding:
    """Whether both clocks agree; deadlines are counted on each by itself."""
    try:
        behind = now - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return ok(SERVER, "it does not tell its clock")
    if abs(behind) > SKEW_SECONDS:
        return warning(
            SERVER, f"its clock is {abs(behind):.0f} s {'behind' if behind > 0 else 'ahead'}", "set both clocks"
        )
    return ok(SERVER, "its clock agrees")
