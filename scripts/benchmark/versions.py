"""Which version of a model is measured."""

from pathlib import Path

from app.bench.errors import BenchInvalid
from app.repository.scanner import scan


def newest_version(models: Path, name: str) -> Path:
    """The folder of the model's newest version, which the server serves; raises `BenchInvalid` where there is none."""
    found = scan(models)[0] if models.is_dir() else {}
    if name not in found:
        raise BenchInvalid(f"expected {models / name} with a version folder such as 1/; received none")
    return found[name][0].path
