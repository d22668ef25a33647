"""How English and Chinese say that something is so, that it is not, and that it is so all the same."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 60
"""Clauses of more characters say more than one thing."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in three parts: `before` its predicate, the predicate's `sign` (`was`, 很), and the telling `word`."""

    before: str
    sign: str
    word: str

    @property
    def text(self) -> str:
        """The clause as it was found."""
        return f"{self.before}{self.sign}{self.word}"


@dataclass(frozen=True, slots=True)
class Grammar:
    """What is needed of a language.

    `parts` splits texts into clauses, `form` finds those that end in a word that may tell (groups `before`, `sign`,
    `word`), but for such as hold one of `turned`, which already turn what they say. A negation's `{sign}` is the
    clause's own, without words of degree. `opposed` has a place for each of two clauses, of which the second counts.
    """

    parts: re.Pattern[str]
    form: re.Pattern[str]
    turned: re.Pattern[str]
    degrees: re.Pattern[str]
    negations: tuple[tuple[str, str], ...]
    opposed: tuple[str, ...]

    def clauses(self, text: str) -> Iterator[Clause]:
        """The clauses of a lower-case text that end in a word that may tell."""
        for part in self.parts.split(text):
            clause = part.strip()
            if len(clause) <= LONGEST and not self.turned.search(clause) and (found := self.form.search(clause)):
                yield Clause(found["before"], found["sign"], found["word"])

    def negated(self, clause: Clause, number: random.Random) -> str:
        """The clause said of what is not so."""
        before, behind = number.choice(self.negations)
        sign = self.degrees.sub("", clause.sign)
        return f"{clause.before}{before.format(sign=sign)}{clause.word}{behind}"


ENGLISH = Grammar(
    parts=re.compile(r"[^a-z' \-]+|--+|<br ?/?>"),
    form=re.compile(
        r"^(?P<before>(?:[a-z'\-]+ ){1,7})"
        r"(?P<sign>(?:is|was|are|were|am|be|been) (?:(?:so|very|really|truly|absolutely|just|pretty|quite|simply) )?)"
        r"(?P<word>[a-z\-]{3,})$"
    ),
    turned=re.compile(
        r"\b(?:not|no|never|nothing|nobody|none|neither|nor|hardly|barely|without|cannot|but|though|although|if|than"
        r"|could|would|should|might|may|too|as|how|why|what)\b|n't\b"
    ),
    degrees=re.compile(r" (?:so|very|really|truly|absolutely|just|pretty|quite|simply)(?= )"),
    negations=(("{sign}not ", ""), ("{sign}not ", " at all"), ("{sign}not that ", ""), ("{sign}never ", "")),
    opposed=("{first}, but {second}", "{first}. However, {second}", "although {first}, {second}"),
)
"""The text's `isn't` is written here as `is not`: `contracted` makes one of the other."""

CHINESE = Grammar(
    parts=re.compile(r"[^\u4e00-\u9fff]+"),
    form=re.compile(
        r"^(?P<before>[\u4e00-\u9fff]{1,12}?)(?P<sign>很|非常|特别|十分|挺|真的很|真|太|比较)"
        r"(?P<word>(?![的是不没太很多够])[\u4e00-\u9fff]{1,2}?)(?:的|了|啊|吧|哦)?$"
    ),
    turned=re.compile("[不没无未别]|但|虽|可是|却|如果|要是|以为|除了"),
    degrees=re.compile("^.+$"),
    negations=(("不", ""), ("不", "啊"), ("并不", ""), ("一点也不", ""), ("真的不", ""), ("不太", ""), ("不是很", "")),
    opposed=("{first}，但是{second}", "{first}，可是{second}", "虽然{first}，{second}"),
)

CONTRACTIONS = re.compile(r"\b(is|was|are|were) not\b")


def contracted(text: str) -> str:
    """`is not` as most people write it."""
    return CONTRACTIONS.sub(r"\1n't", text)
