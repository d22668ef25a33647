"""How near a request comes to what it must cost: an empty exchange and a row of the model, nothing else."""

import os
import statistics
from contextlib import ExitStack
from dataclasses import asdict, dataclass

import httpx

from app.bench.bodies import Kind, body_of
from app.bench.limit import RowCost, empty_exchange, row_cost
from app.bench.request import Body
from scripts.benchmark.bare import bare_rows_per_second
from scripts.benchmark.contenders import horngate
from scripts.benchmark.machine import Steal
from scripts.benchmark.processes import Server, running
from scripts.benchmark.result import Conditions, Section, Table, at_least
from scripts.benchmark.versions import newest_version
from scripts.benchmark.wrk import Run, run_wrk

CONNECTIONS = 32
WARMUP_SECONDS = 1.0
SHARE = 0.5


@dataclass(frozen=True, slots=True)
class AgainstLimit:
    """A server's runs, those of the empty exchange and the bare runtime's rows per second of the same rounds.

    All three keep all `cores` busy: two threads of one core take longer for the same than one alone.
    """

    runs: list[Run]
    exchanges: list[Run]
    rows_per_second: list[float]
    row: RowCost
    cores: int

    @property
    def row_us(self) -> float:
        """CPU time of a row at the best batch, in microseconds."""
        return 1e6 * self.cores / statistics.median(self.rows_per_second)

    @property
    def limit_us(self) -> float:
        """CPU time of an empty exchange and a row, in microseconds."""
        return self.median("cpu_us", self.exchanges) + self.row_us

    @property
    def share(self) -> float:
        """The limit's CPU time in parts of the server's, the median over the rounds."""
        shares = (
            (exchange.cpu_us + 1e6 * self.cores / rows) / run.cpu_us
            for run, exchange, rows in zip(self.runs, self.exchanges, self.rows_per_second, strict=True)
            if run.cpu_us
        )
        return statistics.median(shares)

    @property
    def limit_rate(self) -> float:
        """Requests per second, were all cores busy with nothing but the limit."""
        return self.cores * 1e6 / self.limit_us

    @property
    def errors(self) -> int:
        """What failed in any of the runs."""
        return sum(run.errors for run in [*self.runs, *self.exchanges])

    def median(self, figure: str, runs: list[Run]) -> float:
        """A figure's median over the rounds."""
        return float(statistics.median(getattr(run, figure) for run in runs))

    def table(self) -> Table:
        """The request beside what it must cost."""
        cpu, rate = self.median("cpu_us", self.runs), self.median("rate", self.runs)
        return [
            ["", "CPU µs per request", "requests/s"],
            ["Horngate", f"{cpu:.0f}", f"{rate:.0f}"],
            [
                f"empty ASGI exchange, {self.cores} processes",
                f"{self.limit_us - self.row_us:.0f}",
                self._exchanges_per_second(),
            ],
            [f"a row of {self.row.model} in batches of {self.row.best_batch}", f"{self.row_us:.0f}", "–"],
            [f"the limit on {self.cores} cores", f"{self.limit_us:.0f}", f"{self.limit_rate:.0f}"],
        ]

    def _exchanges_per_second(self) -> str:
        return f"{self.median('rate', self.exchanges):.0f}"


def measure_limit(conditions: Conditions) -> Section:
    """One text per request."""
    steal = Steal()
    measured = run_against_limit(conditions, "sentiment", "text")
    what = "limit's CPU time / CPU time per request, sentiment, 32 connections"
    return Section(
        f"The limit: sentiment, {CONNECTIONS} connections",
        measured.table(),
        [at_least(what, measured.share, SHARE, measured.errors)],
        [steal.note()],
        asdict(measured),
    )


def run_against_limit(conditions: Conditions, model: str, kind: Kind) -> AgainstLimit:
    """The server and the empty exchange, loaded in turn with the same body; the rows while both are idle."""
    body = body_of(kind, 1)
    with ExitStack() as stack:
        contender = horngate(conditions.workers, conditions.models, model)
        ours = stack.enter_context(running(contender.start_with(body)))
        pid, port = stack.enter_context(empty_exchange(_answer_bytes(ours, contender.path, body)))
        exchange = Server("empty exchange", f"http://127.0.0.1:{port}", pid, 0.0)
        folder = newest_version(conditions.models, model)
        cost = row_cost(folder)
        for server in (ours, exchange):
            run_wrk(server, contender.path, [body], CONNECTIONS, WARMUP_SECONDS)
        measured = AgainstLimit([], [], [], cost, len(os.sched_getaffinity(0)))
        for _ in range(conditions.rounds):
            for server, runs in ((ours, measured.runs), (exchange, measured.exchanges)):
                runs.append(run_wrk(server, contender.path, [body], CONNECTIONS, conditions.seconds))
            measured.rows_per_second.append(
                bare_rows_per_second(folder, cost.best_batch, measured.cores, conditions.seconds)
            )
    return measured


def _answer_bytes(server: Server, path: str, body: Body) -> int:
    """How long the server's answer is, in bytes."""
    headers = {"Content-Type": body.content_type}
    return len(httpx.post(server.origin + path, content=body.content, headers=headers, trust_env=False).content)
