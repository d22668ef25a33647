"""One frozen value that holds every setting; read from the environment, prefix `HORNGATE_`."""

import difflib
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError, from_json
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.errors import SettingsInvalid

PREFIX = "HORNGATE_"


def _parse_names(value: object) -> object:
    """A variable's text as what it says in JSON; whatever is no text, as it is."""
    if not isinstance(value, str):
        return value
    try:
        return from_json(value)
    except ValueError:
        raise PydanticCustomError("names", 'Input should be names as JSON, such as ["sentiment"]') from None


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parse_names)]


class Settings(BaseSettings):
    """Every setting of the server, with its default; the environment's `HORNGATE_PORT` sets `port`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for all")
    port: int = Field(8000, ge=0, le=65535, description="TCP port to listen on; 0 takes a free one")
    grpc_port: int | None = Field(
        None, ge=0, le=65535, description="TCP port for gRPC, which all workers share; without one there is no gRPC"
    )
    workers: int = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)),
        ge=1,
        le=256,
        description="Worker processes; the default is one per core",
    )
    models_dir: Path = Field(Path("models"), description="Folder with <name>/<version>/ model folders")
    required_models: Names = Field(
        (), description='Names without which the server is not ready, as JSON: ["sentiment"]'
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severity that is logged")
    playground: bool = Field(True, description="Whether the playground, a page to try the models on, stands at /")
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
    given = {name.upper(): text for name, text in os.environ.items()}
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            _check_name(name)
    try:
        return Settings()
    except ValidationError as error:
        faults = [(f"{PREFIX}{str(fault['loc'][0]).upper()}", fault["msg"]) for fault in error.errors()]
        raise SettingsInvalid("; ".join(f"{name}: {msg}, received {given[name]!r}" for name, msg in faults)) from None


def _check_name(variable: str) -> None:
    """Refuse a variable that no setting has, with the nearest that one has."""
    name = variable[len(PREFIX) :].lower()
    if name not in Settings.model_fields:
        nearest = difflib.get_close_matches(name, Settings.model_fields, 1)  # without the prefix, which all share
        known = ", ".join(sorted(PREFIX + field.upper() for field in Settings.model_fields))
        hint = f"did you mean {PREFIX}{nearest[0].upper()}?" if nearest else f"known: {known}"
        raise SettingsInvalid(f"there is no setting {variable}; {hint}")
