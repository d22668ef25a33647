"""Links between files of the repository, rewritten to lead between pages of the site."""

import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

LINK = re.compile(r"\[([^\]]*)\]\(([^)\s:]+?)(#[^)\s]*)?\)")
"""A link or an image inside the repository: no scheme, hence no colon; then perhaps a place on the page."""


def relinked(text: str, source: PurePosixPath, pages: Mapping[PurePosixPath, PurePosixPath]) -> str:
    """The Markdown of a repository's file with links as they are on the site.

    `pages` tells where each file stands on the site. A link to a file that is not there, such as code, becomes its
    text; a place on the same page stays.
    """

    def rewritten(match: re.Match[str]) -> str:
        words, path, place = match[1], match[2], match[3] or ""
        if path.startswith("#"):
            return match[0]
        target = pages.get(_resolved(source, path))
        if target is None:
            return words
        return f"[{words}]({posixpath.relpath(target, pages[source].parent)}{place})"

    return LINK.sub(rewritten, text)


def _resolved(source: PurePosixPath, path: str) -> PurePosixPath:
    """The file of the repository that a link of `source` means."""
    return PurePosixPath(posixpath.normpath(source.parent / path))
