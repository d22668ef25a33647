"""What a sentiment model must get right in English."""

from scripts.training.behaviour.check import Case, Check
from scripts.training.behaviour.perturbations import with_exclamation, with_spaces, with_typo, without_punctuation
from scripts.training.behaviour.templates import NEGATIVE, POSITIVE, filled, labelled, swapped
from scripts.training.sentences.reading import read_sentences

GROUP = "english"

THINGS = ("film", "book", "phone", "hotel", "meal", "jacket", "app", "service", "toy", "coffee")
PRAISE = ("great", "excellent", "wonderful", "fantastic", "lovely", "amazing", "superb", "delightful")
BLAME = ("terrible", "awful", "horrible", "dreadful", "disappointing", "useless", "poor", "disgusting")
VERBS = {POSITIVE: ("love", "enjoy", "like", "recommend"), NEGATIVE: ("hate", "dislike", "regret")}

NAMES = ("John", "Maria", "Ahmed", "Mei", "Oluwaseun", "Priya", "Dmitri")
PLACES = ("London", "Lagos", "Mumbai", "Berlin", "Lima", "Seoul", "Texas")
TOLD = "{name} says this {thing} is {word}."
BOUGHT = "I found this {thing} in {place}, and it is {word}."


def english_checks() -> list[Check]:
    """Every check, each with its cases."""
    return [*_minimum(), *_invariance(), *_direction()]


def _minimum() -> list[Check]:
    plain = [
        *labelled(filled("This {thing} is {word}.", thing=THINGS, word=PRAISE), POSITIVE),
        *labelled(filled("This {thing} is {word}.", thing=THINGS, word=BLAME), NEGATIVE),
        *labelled(filled("I {verb} this {thing}.", verb=VERBS[POSITIVE], thing=THINGS), POSITIVE),
        *labelled(filled("I {verb} this {thing}.", verb=VERBS[NEGATIVE], thing=THINGS), NEGATIVE),
    ]
    negated_praise = [
        *labelled(filled("This {thing} is not {word}.", thing=THINGS, word=PRAISE[:4]), NEGATIVE),
        *labelled(filled("The {thing} wasn't {word} at all.", thing=THINGS, word=PRAISE[:4]), NEGATIVE),
        *labelled(filled("I don't {verb} this {thing}.", verb=VERBS[POSITIVE], thing=THINGS), NEGATIVE),
    ]
    negated_blame = [
        *labelled(filled("This {thing} is not {word} at all.", thing=THINGS, word=("bad", *BLAME[:3])), POSITIVE),
        *labelled(filled("There is nothing wrong with this {thing}.", thing=THINGS), POSITIVE),
        *labelled(filled("I can't complain about this {thing}.", thing=THINGS), POSITIVE),
    ]
    turns = [
        *labelled(
            filled("I expected a {bad} {thing}, but it was {good}.", bad=BLAME[:2], thing=THINGS, good=PRAISE[:2]),
            POSITIVE,
        ),
        *labelled(
            filled("I expected a {good} {thing}, but it was {bad}.", good=PRAISE[:2], thing=THINGS, bad=BLAME[:2]),
            NEGATIVE,
        ),
    ]
    named = {"plain words": plain, "negated praise": negated_praise, "negated blame": negated_blame, "turns": turns}
    return [Check(name, "minimum", GROUP, cases) for name, cases in named.items()]


def _invariance() -> list[Check]:
    words, texts = (*PRAISE[:3], *BLAME[:3]), _texts()
    named = {
        "another name": swapped(TOLD, "name", NAMES, thing=THINGS[:4], word=words),
        "another place": swapped(BOUGHT, "place", PLACES, thing=THINGS[:4], word=words),
        "a typo": [Case(text, with_typo(text, seed)) for seed in range(2) for text in texts],
        "no punctuation": [Case(text, without_punctuation(text)) for text in texts],
        "exclamation marks": [Case(text, with_exclamation(text)) for text in texts],
        "lower case": [Case(text, text.lower()) for text in texts],
        "upper case": [Case(text, text.upper()) for text in texts],
        "careless spaces": [Case(text, with_spaces(text)) for text in texts],
    }
    return [Check(name, "invariance", GROUP, cases) for name, cases in named.items()]


def _direction() -> list[Check]:
    blamed = [Case(text, f"{text} {tail}", POSITIVE) for text in _texts() for tail in ("Terrible.", "I hated it.")]
    praised = [Case(text, f"{text} {tail}", NEGATIVE) for text in _texts() for tail in ("Great.", "I loved it.")]
    return [
        Check("blame added", "direction", GROUP, blamed),
        Check("praise added", "direction", GROUP, praised),
    ]


def _texts() -> list[str]:
    """Our own sentences, of the half on which choices may be made."""
    return [sentence.text for sentence in read_sentences(GROUP, "development")]
