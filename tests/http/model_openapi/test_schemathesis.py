"""Whatever schemathesis makes of our documents, valid or not, gets an answer that they describe, and never a 500.

Not asked of every route is that all that is valid be accepted: that two inputs have as many rows as each other, or that
base64 is a picture's, no schema can say.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

schemathesis = pytest.importorskip("schemathesis")
from schemathesis.config import SchemathesisConfig  # noqa: E402  # only where it is installed
from schemathesis.engine import events, from_schema  # noqa: E402

from app.main import create_app  # noqa: E402
from app.settings import Settings  # noqa: E402

RELATIONS_AND_METHODS = ("positive_data_acceptance", "unsupported_method")

CONFIG = {
    "continue-on-failure": True,
    "request-timeout": 60,
    # Other headers than a document's are sent all the time.
    "generation": {"deterministic": True, "database": "none", "allow-extra-parameters": False},
    "phases": {
        name: {"enabled": name in ("examples", "coverage")} for name in ("examples", "coverage", "fuzzing", "stateful")
    },
    "operations": [
        # As TensorFlow Serving does, a method that does not apply is answered with 400.
        {"include-path-regex": "^/v1/", "checks": {name: {"enabled": False} for name in RELATIONS_AND_METHODS}},
        {
            "include-path-regex": "^/v2/|^/predict/adder$|^/(predict|explain)/digit$",
            "checks": {"positive_data_acceptance": {"enabled": False}},
        },
    ],
}

DEADLINE_PASSED = 504
"""A case may ask for an answer within a millisecond: that there was none is then the truth."""


@pytest.fixture(scope="module")
def url(tiny_models: Path, listening: Callable[..., AbstractContextManager[tuple[str, int]]]) -> Iterator[str]:
    """Where the four tiny models are served."""
    with listening(create_app(Settings(models_dir=tiny_models, access_log=False))) as (host, port):
        yield f"http://{host}:{port}"


def failures_of(scenario: Any) -> Iterator[str]:
    """What the checks found, with how to do it again."""
    for case, checks in scenario.checks.items():
        answered = getattr(scenario.interactions.get(case), "response", None)
        for check in checks:
            if check.failure_info and not (answered and answered.status_code == DEADLINE_PASSED):
                found = check.failure_info
                told = answered.content[:300] if answered else None
                yield f"{scenario.label} {check.name}: {found.failure.message[:300]} {told} {found.code_sample[:600]}"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "path", ["/openapi.json", *(f"/models/{name}/openapi.json" for name in ("adder", "digit", "topic"))]
)
def test_every_case_gets_an_answer_that_the_document_describes(url: str, path: str) -> None:
    schema = schemathesis.openapi.from_url(url + path, config=SchemathesisConfig.from_dict(CONFIG))
    failures: list[str] = []
    cases = 0
    # What a model does is in its own document too.
    for event in from_schema(
        schema.exclude(path_regex="^/(predict|explain)/") if path == "/openapi.json" else schema
    ).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if isinstance(event, events.ScenarioFinished):
            cases += len(event.recorder.cases)
            failures += failures_of(event.recorder)
    assert not failures, "\n\n".join(failures[:5])
    assert cases >= 100
