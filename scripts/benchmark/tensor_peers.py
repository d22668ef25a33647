"""The peers that speak the Open Inference Protocol, with a model of one tensor."""

from dataclasses import replace

from scripts.benchmark.contenders import MLSERVER, PEERS, ROOT, Contender

MODEL = "small"
PATH = f"/v2/models/{MODEL}/infer"

TENSOR_PEERS = {
    "mlserver": replace(
        MLSERVER,
        arguments=lambda _: ["start", str(ROOT / "scripts/benchmark/peers/mlserver_tensors")],
        path=PATH,
    ),
    "kserve": Contender(
        "KServe's Python server",
        "python",
        lambda port: ["-m", f"{PEERS}.kserve_app", str(port)],
        PATH,
        packages=["kserve==0.21.0"],
    ),
}
