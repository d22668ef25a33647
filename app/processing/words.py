"""Words: what a vocabulary of whole words and of single Chinese characters finds in a text."""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import repeat

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

LINE_BREAK = re.compile(r"<br[ \t\r\n]*/?>")
NOTHING = 0
"""Stands for a word that is left out; no token has it."""

ASCII = 128

MOST_CHARACTERS = 32_768
"""So many characters' spellings are remembered at most, more than any language's texts have."""


def word_normaliser(omitted: Iterable[str] = ()) -> normalizers.Sequence:
    """From what people write to words with spaces between them, without the `omitted` ones.

    NFKC, lower case, no accents, mark-up and punctuation to spaces, `don't` to `dont`, spaces around each Chinese
    character. But for the mark-up at its beginning and the omission at its end it takes each character by itself.
    """
    steps: list[normalizers.Normalizer] = [
        normalizers.Replace(Regex(LINE_BREAK.pattern), " "),
        normalizers.NFKC(),
        normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True),
        normalizers.Replace(Regex("['\u2019]"), ""),
        normalizers.Replace(Regex(r"[^\p{L}\p{N}]+"), " "),
    ]
    words = "|".join(omitted)
    if words:
        steps.append(normalizers.Replace(Regex(f"(?<![^ ])(?:{words})(?![^ ])"), ""))
    return normalizers.Sequence(steps)


def word_splitter() -> pre_tokenizers.WhitespaceSplit:
    """From words with spaces between them to words."""
    return pre_tokenizers.WhitespaceSplit()


class Words:
    """Finds the ids that a tokenizer of `word_normaliser`'s words gives, at a tenth of the library's cost.

    As the normaliser takes each character by itself, what becomes of one can be looked up in a table, and Python's own
    `translate` and `split` do the rest. Of ASCII each character becomes one of ASCII or none, and a table of bytes does
    that in a seventh of the time.
    """

    def __init__(self, vocabulary: Mapping[str, int], unknown: int, omitted: Iterable[str] = ()) -> None:
        self._characters = _Characters()
        spelt = [self._characters[code] for code in range(ASCII)]
        self._ascii = "".join(character or " " for character in spelt).encode().ljust(256, b" ")
        self._dropped = bytes(code for code, character in enumerate(spelt) if not character)
        self._ids: dict[str, int] = {**vocabulary, **dict.fromkeys(omitted, NOTHING)}
        self._unknown = unknown

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> "Words | None":
        """The same as this tokenizer, or None for one that finds its words in another way."""
        model, omitted = tokenizer.model, _omitted(tokenizer)
        is_ours = (
            isinstance(model, models.WordLevel)
            and not tokenizer.get_added_tokens_decoder()
            and _state(tokenizer.normalizer) == _state(word_normaliser(omitted))
            and _state(tokenizer.pre_tokenizer) == _state(word_splitter())
        )
        unknown = tokenizer.token_to_id(model.unk_token) if is_ours else None
        return cls(tokenizer.get_vocab(), unknown, omitted) if unknown else None

    def ids(self, text: str) -> list[int]:
        """The ids of all of a text's words, in order, those of no known word as the unknown one's."""
        if "<br" in text:
            text = LINE_BREAK.sub(" ", text)
        if text.isascii():
            words = text.encode().translate(self._ascii, self._dropped).decode().split()
        else:
            words = text.translate(self._characters).split()
        return list(filter(None, map(self._ids.get, words, repeat(self._unknown))))


class _Characters(dict[int, str]):
    """What the normaliser makes of each character, asked when one first comes."""

    def __init__(self) -> None:
        super().__init__()
        self._normaliser = word_normaliser()

    def __missing__(self, code: int) -> str:
        # Between two letters, or it would be taken for an edge of the text.
        spelt: str = self._normaliser.normalize_str(f"q{chr(code)}q")[1:-1]
        if len(self) >= MOST_CHARACTERS:
            self.clear()  # rather than forget the rest: whoever sends every character there is must not slow all others
        self[code] = spelt
        return spelt


def _omitted(tokenizer: Tokenizer) -> list[str]:
    """The words that the last step of such a tokenizer's normaliser leaves out."""
    steps = json.loads(_state(tokenizer.normalizer)).get("normalizers", [])
    pattern = steps[-1].get("pattern", {}).get("Regex", "") if steps else ""
    found = re.fullmatch(r"\(\?<!\[\^ \]\)\(\?:([^()]+)\)\(\?!\[\^ \]\)", pattern)
    return found[1].split("|") if found else []


def _state(part: normalizers.Normalizer | pre_tokenizers.PreTokenizer | None) -> bytes:
    """All that determines a part of a tokenizer, as JSON."""
    state: bytes = part.__getstate__() if part is not None else b"{}"
    return state
