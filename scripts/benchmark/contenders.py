"""The servers that are measured side by side: how each is started, asked, and understood."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bench.request import Body
from scripts.benchmark.environments import open_environment
from scripts.benchmark.peers.tokens import FOLDER_VARIABLE, Reading
from scripts.benchmark.processes import Start, free_port

ROOT = Path(__file__).parents[2]
OWN_PROGRAMS = Path(sys.executable).parent
PEERS = "scripts.benchmark.peers"
JSON = "application/json"
QUIET = {
    "BENTOML_DO_NOT_TRACK": "1",
    "PYTHONPATH": str(ROOT),
    "RAY_USAGE_STATS_ENABLED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def _text(text: str) -> Any:
    return {"text": text}


def _tensor(text: str) -> Any:
    """A request of the Open Inference Protocol."""
    return {"inputs": [{"name": "text", "shape": [1, 1], "datatype": "BYTES", "data": [text]}]}


def _read_tensors(answer: Any) -> Reading:
    label, score = (output["data"][0] for output in answer["outputs"])
    return {"label": label, "score": score}


def _nothing(port: int) -> Mapping[str, str]:
    del port
    return {}


def _mlserver_ports(port: int) -> Mapping[str, str]:
    """MLServer listens on three ports, which its settings also take from the environment."""
    numbers = {"HTTP": port, "GRPC": free_port(), "METRICS": free_port()}
    return {f"MLSERVER_{name}_PORT": str(number) for name, number in numbers.items()}


@dataclass(frozen=True, slots=True)
class Contender:
    """One server; without `packages` it runs in our own environment.

    `arguments` are those of `program`, which lies in the environment's `bin`; `ask` makes a body of a text, `read`
    understands the answer.
    """

    name: str
    program: str
    arguments: Callable[[int], Sequence[str]]
    path: str
    packages: Sequence[str] = ()
    ask: Callable[[str], Any] = _text
    read: Callable[[Any], Reading] = lambda answer: answer
    environment: Callable[[int], Mapping[str, str]] = _nothing

    def body(self, text: str) -> Body:
        """The request's body for one text."""
        return Body(json.dumps(self.ask(text), ensure_ascii=False).encode(), JSON)

    def start_with(self, body: Body, programs: Path = OWN_PROGRAMS, folder: Path | None = None) -> Start:
        """How to start it so that `body` is its first request; `folder` is the version folder that a peer reads."""
        port = free_port()
        named = {} if folder is None else {FOLDER_VARIABLE: str(folder.absolute())}
        command = [str(programs / self.program), *self.arguments(port)]
        return Start(self.name, command, port, self.path, body, {**QUIET, **named, **self.environment(port)})

    def start(self, folder: Path, venvs: Path, text: str) -> Start:
        """How to start it on the version folder, its environment made where it needs one; raises `BenchInvalid`."""
        programs = OWN_PROGRAMS
        if self.packages:
            name = self.packages[0].partition("==")[0].partition("[")[0]
            programs = open_environment(venvs / name, self.packages)
        return self.start_with(self.body(text), programs, folder)


TUTORIAL = Contender(
    "FastAPI + TensorFlow",
    "uvicorn",
    lambda port: [f"{PEERS}.tutorial_app:app", "--port", str(port), "--log-level", "warning", "--no-access-log"],
    "/predict",
)
MOSEC = Contender(
    "mosec",
    "python",
    lambda port: ["-m", f"{PEERS}.mosec_app", "--address", "127.0.0.1", "--port", str(port), "--timeout", "10000"],
    "/inference",
    packages=["mosec==0.9.8"],
)
LITSERVE = Contender(
    "LitServe",
    "python",
    lambda port: ["-m", f"{PEERS}.litserve_app", str(port)],
    "/predict",
    packages=["litserve==0.2.19"],
)
BENTOML = Contender(
    "BentoML",
    "bentoml",
    lambda port: ["serve", f"{PEERS}.bentoml_app:Sentiment", "--host", "127.0.0.1", "--port", str(port)],
    "/read",
    packages=["bentoml==1.4.39"],
    ask=lambda text: {"text": [text]},
    read=lambda answer: answer[0],
)
MLSERVER = Contender(
    "MLServer",
    "mlserver",
    lambda _: ["start", str(ROOT / "scripts/benchmark/peers/mlserver")],
    "/v2/models/sentiment/infer",
    packages=["mlserver==1.7.1"],
    ask=_tensor,
    read=_read_tensors,
    environment=_mlserver_ports,
)
RAY = Contender(
    "Ray Serve",
    "python",
    lambda port: ["-m", f"{PEERS}.ray_app", str(port)],
    "/",
    packages=["ray[serve]==2.60.0"],
)

CONTENDERS = {
    "mosec": MOSEC,
    "mlserver": MLSERVER,
    "litserve": LITSERVE,
    "bentoml": BENTOML,
    "ray": RAY,
    "tutorial": TUTORIAL,
}


def horngate(workers: int, models: Path, model: str = "sentiment") -> Contender:
    """Horngate as users start it, everything switched on."""
    options = ["--workers", str(workers), "--models-dir", str(models.absolute())]
    return Contender(
        "Horngate",
        "horngate",
        lambda port: ["serve", "--port", str(port), *options],
        f"/predict/{model}",
    )
