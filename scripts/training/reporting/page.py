"""Blocks as one HTML file that needs no network and no script, for light, dark and paper."""

import base64
import hashlib
import re
from collections.abc import Sequence
from html import escape

from scripts.training.reporting.blocks import Block, Heading, Listing, Paragraph, Picture, Table
from scripts.training.reporting.style import STYLE

CODE = re.compile("`([^`]+)`")

LONG = 40
"""A cell of more characters is not a figure."""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="{policy}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def page(title: str, blocks: Sequence[Block]) -> str:
    """The whole page; it is well-formed XML as well, and loads nothing but its own style and images."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"
    content = "\n".join(map(_written, blocks))
    return PAGE.format(policy=policy, title=escape(title), style=STYLE, content=content)


def _written(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
        case Paragraph():
            return f"<p>{_with_code(block.text)}</p>"
        case Listing():
            return f"<pre>{escape(block.text)}</pre>"
        case Picture():
            return f"<figure>{block.svg}<figcaption>{escape(block.title)}</figcaption></figure>"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = [
        f'<tr><th scope="row">{_with_code(first)}</th>{"".join(map(_cell, others))}</tr>'
        for first, *others in table.rows
    ]
    body = "\n".join(rows)
    return f'<div class="wide"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'


def _cell(text: str) -> str:
    """Figures stand on the right, and what is too long for one line is broken."""
    return f'<td class="words">{_with_code(text)}</td>' if len(text) > LONG else f"<td>{_with_code(text)}</td>"


def _with_code(text: str) -> str:
    return CODE.sub(r"<code>\1</code>", escape(text))
