"""Bars of characters for a terminal."""

EIGHTHS = " ▏▎▍▌▋▊▉"
FULL = "█"


def bar(share: float, width: int) -> str:
    """A bar as long as the share, from 0 to 1, of so many characters, in steps of an eighth; padded to the width."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    whole, rest = divmod(eighths, 8)
    return (FULL * whole + (EIGHTHS[rest] if rest else "")).ljust(width)


def signed_bar(share: float, width: int) -> str:
    """A bar to the right of the middle for a positive share, to the left for a negative one, of -1 to 1.

    `width` characters on either side; to the left in steps of a whole character or a half.
    """
    if share >= 0:
        return f"{' ' * width}│{bar(share, width)}"
    halves = round(min(-share, 1.0) * width * 2)
    whole, rest = divmod(halves, 2)
    return f"{('▐' * rest + FULL * whole).rjust(width)}│{' ' * width}"
