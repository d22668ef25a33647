"""Changes to a text after which it says what it said before."""

import random
import re
import unicodedata

WORD = re.compile(r"[A-Za-z]{5,}")


def with_typo(text: str, seed: int) -> str:
    """Two neighbouring letters inside one word of at least five swapped; the text itself where it has none."""
    words = [found for found in WORD.finditer(text) if len(set(found[0][1:-1])) > 1]
    if not words:
        return text
    number = random.Random(f"{seed} {text}")  # noqa: S311 repeatable, not secret
    word = number.choice(words)
    places = [place for place in range(word.start() + 1, word.end() - 2) if text[place] != text[place + 1]]
    place = number.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def without_punctuation(text: str) -> str:
    """The text without any punctuation but apostrophes."""
    return "".join(
        character for character in text if character in "'\u2019" or not unicodedata.category(character).startswith("P")
    )


def with_exclamation(text: str) -> str:
    """The same, shouted: every full stop becomes three exclamation marks."""
    return re.sub(r"[.。]", "!!!", text)


def with_spaces(text: str) -> str:
    """A careless typist's spaces: two for one, one before and behind."""
    return f" {text.replace(' ', '  ')} "
