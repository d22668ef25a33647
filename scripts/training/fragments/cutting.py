"""A few clauses out of a text."""

import random
import re

from scripts.training.languages import count_words

CLAUSE = re.compile(r"[^.,!?;:\n。，！？；：…~～]+[.,!?;:\n。，！？；：…~～]*")
LINE_BREAK = re.compile(r"<br ?/?>")
MOST_CLAUSES = 3
FEWEST_WORDS, MOST_WORDS = 2, 30


def fragment_of(text: str, number: random.Random) -> str | None:
    """One to three neighbouring clauses from anywhere in the text, with their punctuation.

    None where those that were drawn have fewer than 2 or more than 30 words, a Chinese character being one.
    """
    clauses = CLAUSE.findall(LINE_BREAK.sub("\n", text))
    size = number.randint(1, MOST_CLAUSES)
    start = number.randint(0, max(len(clauses) - size, 0))
    fragment = "".join(clauses[start : start + size]).strip()
    return fragment if FEWEST_WORDS <= count_words(fragment) <= MOST_WORDS else None
