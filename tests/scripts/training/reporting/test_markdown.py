from scripts.training.reporting.blocks import Heading, Listing, Paragraph, Picture, Table
from scripts.training.reporting.markdown import markdown


def test_blocks_become_markdown_and_pictures_files_beside_it():
    blocks = [
        Heading("Figures", 3),
        Paragraph("With `code`."),
        Table(["a", "b"], [["1", "x|y"]]),
        Listing("make train"),
        Picture("roc", "The ROC", "<svg/>"),
    ]
    assert markdown("tiny, version 2", blocks) == (
        "# tiny, version 2\n\n### Figures\n\nWith `code`.\n\n"
        "| a | b |\n| --- | --- |\n| 1 | x\\|y |\n\n```\nmake train\n```\n\n![The ROC](roc.svg)\n"
    )
