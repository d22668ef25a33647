"""What a version folder says of itself: its manifest, once it and the files agree, or a SavedModel to adopt."""

from app.errors import ModelInvalid
from app.inference.runtimes.catalogue import SAVED_MODEL
from app.inference.runtimes.onnx import MODEL
from app.repository.manifest import MANIFEST, Manifest, Tensors, read_manifest, verify_files
from app.repository.scanner import VersionFolder
from app.tasks import TOKENIZER
from app.types import Signature


def read_version(folder: VersionFolder) -> Manifest | None:
    """The manifest, once it and the files agree; None for a folder to adopt, which has only a SavedModel.

    Raises `ModelInvalid`.
    """
    ours = (MANIFEST, MODEL, TOKENIZER)
    if (folder.path / SAVED_MODEL).exists() and not any((folder.path / name).exists() for name in ours):
        return None
    manifest = read_manifest(folder.path)
    verify_files(folder.path, manifest)
    if manifest.text and TOKENIZER not in manifest.files:
        raise ModelInvalid(not_vouched_for(TOKENIZER))
    return manifest


def derive_manifest(folder: VersionFolder, signature: Signature) -> Manifest:
    """What can be said of a SavedModel without a manifest: tensors in, tensors out."""
    return Manifest(name=folder.name, version=folder.version, task="tensor", signature=Tensors.of(signature), files={})


def not_vouched_for(file: str) -> str:
    """Why a file that the manifest does not name is not opened."""
    return f"{file} is not among the files that {MANIFEST} vouches for; export again"
