"""What a soak came to: answers by kind, memory from its first to its last tenth, and the verdict."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.benchmark.result import Table, markdown_table
from scripts.benchmark.soak.exchanges import CLOSED, Exchange

MOST_GROWTH_PERCENT = 3.0
TURNED_AWAY = frozenset({429, 503})
"""Answers that have to say in `Retry-After` when to come back."""


@dataclass(slots=True)
class Outcome:
    """Counts by kind and status, in words what was not expected, and the memory's samples in MiB after the warm-up."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    unexpected: Counter[str] = field(default_factory=Counter)
    memory_mib: list[float] = field(default_factory=list)

    def answered(self, exchange: Exchange, status: int, *, has_retry_after: bool) -> None:
        """An answer came."""
        self.statuses[exchange.name, status] += 1
        if status not in exchange.expected:
            self.unexpected[f"{exchange.name}: status {status}"] += 1
        elif status in TURNED_AWAY and not has_retry_after:
            self.unexpected[f"{exchange.name}: status {status} without Retry-After"] += 1

    def failed(self, exchange: Exchange, reason: str) -> None:
        """No answer came."""
        self.statuses[exchange.name, CLOSED] += 1
        if CLOSED not in exchange.expected:
            self.unexpected[f"{exchange.name}: {reason}"] += 1

    def left(self, exchange: Exchange) -> None:
        """The client went before the answer, as it was meant to."""
        self.statuses[exchange.name, CLOSED] += 1

    @property
    def growth_percent(self) -> float:
        """The median of the last tenth of the samples above that of the first, in percent."""
        first, last = self._ends()
        return 100 * (last / first - 1) if first else 0.0

    @property
    def holds(self) -> bool:
        """Whether memory was measured and did not grow, and nothing unexpected came."""
        return bool(self.memory_mib) and self.growth_percent <= MOST_GROWTH_PERCENT and not self.unexpected

    def to_markdown(self) -> str:
        """The verdict, the memory and the answers by kind."""
        first, last = self._ends()
        growth = f"{self.growth_percent:+.1f} % (aim: ≤ +{MOST_GROWTH_PERCENT:g} %)"
        memory = f"Memory (PSS of all processes, after the warm-up): {first:.1f} → {last:.1f} MiB, {growth}."
        counts = [f"{count} × {what}" for what, count in self.unexpected.most_common()]
        unexpected = "\n- ".join([f"Unexpected answers: {self.unexpected.total()}", *counts])
        return f"{memory}\n\n{unexpected}\n\n{markdown_table(self._table())}"

    def to_json(self) -> dict[str, Any]:
        """Every figure."""
        kinds: dict[str, dict[str, int]] = {}
        for (name, status), count in self.statuses.items():
            kinds.setdefault(name, {})[str(status)] = count
        return {
            "growth_percent": round(self.growth_percent, 2),
            "memory_mib": [round(value, 2) for value in self.memory_mib],
            "unexpected": dict(self.unexpected),
            "statuses": kinds,
        }

    def _ends(self) -> Sequence[float]:
        """The medians of the first and the last tenth."""
        if not self.memory_mib:
            return 0.0, 0.0
        tenth = max(len(self.memory_mib) // 10, 1)
        return [statistics.median(part) for part in (self.memory_mib[:tenth], self.memory_mib[-tenth:])]

    def _table(self) -> Table:
        """A row per kind."""
        names = sorted({name for name, _ in self.statuses})
        return [["kind", "sent", "answers"], *([name, *self._row(name)] for name in names)]

    def _row(self, name: str) -> list[str]:
        """How many were sent, and what came back."""
        own = {status: count for (kind, status), count in sorted(self.statuses.items()) if kind == name}
        told = ", ".join(f"{count} × {status or 'closed'}" for status, count in own.items())
        return [str(sum(own.values())), told]
