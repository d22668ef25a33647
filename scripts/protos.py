"""Compile `app/wire/protos/*.proto`: `python -m scripts.protos`, after a change of one of them; needs the dev extra.

Writes `descriptors.binpb`, from which the server makes its messages, and a `.pyi` for each file with their types.
"""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PROTOS = Path("app/wire/protos")
DESCRIPTORS = PROTOS / "descriptors.binpb"


def compile_protos(target: Path) -> None:
    """Compile every `.proto` file of the repository into the same places below `target`.

    Raises `RuntimeError` where the compiler refuses one; what it says about it stands on standard error.
    """
    (target / PROTOS).mkdir(parents=True, exist_ok=True)
    files = sorted(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / PROTOS).glob("*.proto"))
    # In a process of its own: in one that has loaded TensorFlow, which holds another protobuf, the compiler crashes.
    compiler = subprocess.run(
        [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            "--proto_path=.",
            f"--descriptor_set_out={target / DESCRIPTORS}",
            "--include_imports",
            f"--pyi_out={target}",
            *files,
        ],
        cwd=REPOSITORY,
        check=False,
    )
    if compiler.returncode != 0:
        raise RuntimeError(f"expected protoc to take {', '.join(files)}; received exit code {compiler.returncode}")


def main() -> int:
    """Compile in place."""
    compile_protos(REPOSITORY)
    return 0


if __name__ == "__main__":
    sys.exit(main())
