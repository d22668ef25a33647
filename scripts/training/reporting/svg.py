"""SVG elements, and the same as files of their own."""

from html import escape

from scripts.training.reporting.style import STYLE

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def drawing(title: str, width: float, height: float, parts: list[str]) -> str:
    """An SVG element of these parts; `title` is what a screen reader says."""
    head = f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}">'
    return "\n".join([head, f"<title>{escape(title)}</title>", *parts, "</svg>"])


def text(words: str, x: float, y: float, css: str = "tick", anchor: str = "middle") -> str:
    """A line of text whose middle, start or end stands there."""
    return f'<text class="{css}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def standalone(svg: str) -> str:
    """The element as a file: with its namespace, its style, and the paper that it stands on."""
    head, rest = svg.split(">", 1)
    _, _, width, height = head.split('viewBox="')[1].split('"')[0].split()
    paper = f'<rect class="paper" width="{width}" height="{height}"/>'
    style = f"<style>{escape(STYLE, quote=False)}.paper {{ fill: var(--paper); }}</style>"
    return f"{head} {NAMESPACE}>{style}{paper}{rest}\n"
