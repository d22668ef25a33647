"""Blocks as Markdown, the pictures as files beside it."""

from collections.abc import Sequence

from scripts.training.reporting.blocks import Block, Heading, Listing, Paragraph, Picture, Table


def markdown(title: str, blocks: Sequence[Block]) -> str:
    """The whole file."""
    return "\n\n".join([f"# {title}", *map(_written, blocks)]) + "\n"


def _written(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {block.text}"
        case Paragraph():
            return block.text
        case Listing():
            return f"```\n{block.text}\n```"
        case Picture():
            return f"![{block.title}]({block.name}.svg)"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    lines = [table.head, ["---"] * len(table.head), *table.rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
