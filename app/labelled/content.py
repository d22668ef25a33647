"""What makes two rows the same: a text's letters and digits, an image's pixels."""

import hashlib
import re
import unicodedata

NOT_A_WORD = re.compile(r"[\W_]+")


def content_of(text: str) -> str:
    """A text as it is compared: NFKC, lower case, letters and digits only (all of it where it has none)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return NOT_A_WORD.sub("", folded) or folded.strip()


def digest(content: bytes) -> bytes:
    """16 bytes that stand for a content."""
    return hashlib.blake2b(content, digest_size=16).digest()
