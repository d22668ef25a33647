"""One frozen value that holds every setting; read from the environment, prefix `HORNGATE_`."""

import difflib
import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import SettingsInvalid

PREFIX = "HORNGATE_"


class Settings(BaseSettings):
    """Every setting of the server, with its default; the environment's `HORNGATE_PORT` sets `port`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for all")
    port: int = Field(8000, ge=0, le=65535, description="TCP port to listen on; 0 takes a free one")
    workers: int = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)),
        ge=1,
        le=256,
        description="Worker processes; the default is one per core",
    )
    models_dir: Path = Field(Path("models"), description="Folder with <name>/<version>/ model folders")
    required_models: tuple[str, ...] = Field(
        (), description='Names without which the server is not ready, as JSON: ["sentiment"]'
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severity that is logged")
    access_log: bool = Field(True, description="Whether each request is logged")
    max_body_bytes: int = Field(16 * 2**20, ge=1024, description="Largest request body, in bytes")
    max_request_rows: int = Field(1024, ge=1, description="Most inputs in one request")
    max_text_characters: int = Field(100_000, ge=1, description="Longest text, in characters")
    max_queue_rows: int = Field(2048, ge=1, description="Rows per model and worker that may wait; more get 429")
    request_timeout_seconds: float = Field(
        30.0, gt=0, le=3600, description="Deadline of a request that sets none; a request may only shorten it"
    )
    drain_seconds: float = Field(
        20.0, ge=0, le=3600, description="How long requests in flight may take to finish after SIGTERM"
    )
    drain_delay_seconds: float = Field(
        0.0, ge=0, le=600, description="How long to go on serving, not ready, before the port is closed after SIGTERM"
    )


def read_settings() -> Settings:
    """Read the settings from the environment; raises `SettingsInvalid` for an unknown name or a wrong value."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), known, 1)
            hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(sorted(known))}"
            raise SettingsInvalid(f"there is no setting {name}; {hint}")
    try:
        return Settings()
    except ValidationError as error:
        faults = [f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise SettingsInvalid("; ".join(faults)) from None
    except ValueError as error:  # a tuple that is not JSON
        raise SettingsInvalid(str(error)) from None
