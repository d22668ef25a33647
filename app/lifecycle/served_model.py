"""A living model: everything that a request for it needs."""

import asyncio
from dataclasses import dataclass

from app.inference.batcher import Batcher
from app.inference.pool import Pool
from app.lifecycle.running import Running
from app.repository.manifest import Manifest
from app.repository.scanner import VersionFolder
from app.types import ModelObserver, Signature, Task


@dataclass(frozen=True, slots=True)
class ServedModel:
    """One loaded version: `manifest` says what it is, `task` what it means, `batcher` runs it as `running` says, and
    `observer` is told.
    """

    folder: VersionFolder
    manifest: Manifest
    signature: Signature
    task: Task
    batcher: Batcher
    pool: Pool
    observer: ModelObserver
    running: Running

    @property
    def name(self) -> str:
        """The model's name."""
        return self.folder.name

    @property
    def version(self) -> int:
        """The version's number."""
        return self.folder.version

    async def close(self, drain_seconds: float) -> None:
        """Let the rows that wait finish, for so long, then give everything back.

        A child process may take seconds to end: meanwhile the other models finish their rows.
        """
        await self.batcher.drain(drain_seconds)
        await asyncio.to_thread(self.pool.close)
