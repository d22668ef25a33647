"""The bytes of a data file, whatever it is packed in."""

import gzip
import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from app.labelled.errors import DataInvalid, DataMissing

PACKINGS = ("", ".gz", ".xz")
"""What may follow a file's name."""


def locate(folder: Path, name: str) -> Path | None:
    """The file `name` in `folder`, plain or packed (`name.gz`, `name.xz`, `name.zip`, or with .zip for its suffix)."""
    packed = [folder / f"{name}{packing}" for packing in PACKINGS]
    zipped = [folder / f"{name}.zip", (folder / name).with_suffix(".zip")]
    return next((path for path in (*packed, *zipped) if path.is_file()), None)


def locate_all(folder: Path, names: Sequence[str]) -> list[Path]:
    """Every one of `names` in `folder`; raises `DataMissing` with those that it lacks."""
    found = {name: locate(folder, name) for name in names}
    lacking = [name for name, path in found.items() if path is None]
    if lacking:
        raise DataMissing(f"{folder} lacks {', '.join(lacking)} (plain, or packed as .gz, .xz or .zip)")
    return [path for path in found.values() if path is not None]


def read_content(path: Path) -> bytes:
    """The unpacked bytes; raises `DataInvalid` where the file is damaged, cut short or cannot be read."""
    try:
        match path.suffix:
            case ".gz":
                return gzip.decompress(path.read_bytes())
            case ".xz":
                return lzma.decompress(path.read_bytes())
            case ".zip":
                return _only_member(path)
            case _:
                return path.read_bytes()
    except (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile) as error:
        raise DataInvalid(f"{path} is damaged, cut short or unreadable ({error}); fetch or unpack it again") from None


def md5_of(content: bytes) -> str:
    """The MD5 by which the public originals are known; it tells damage, not malice."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def short_name(path: Path) -> str:
    """The folder and the name of a file, enough to find it and free of the machine's own paths."""
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def _only_member(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) != 1:
            raise DataInvalid(f"expected one file in {path}; received {len(members)}; unpack the right one beside it")
        return archive.read(members[0])
