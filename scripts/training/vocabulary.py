"""A vocabulary of whole words and of single Chinese characters, learnt from training texts."""

import re
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from scripts.training.recipe import Vocabulary

PADDING, UNKNOWN = "[PAD]", "[UNK]"
"""The first two ids, 0 (`app.processing.text.PADDING_ID`) and 1."""

UNKNOWN_ID = 1


def train_vocabulary(texts: Iterable[str], settings: Vocabulary) -> Tokenizer:
    """The `settings.size` most frequent words of `texts`, which must be the training split's, most frequent first.

    Texts are normalised (NFKC, lower case, no accents, mark-up and punctuation to spaces, `don't` to `dont`), and the
    words of `settings.omit` dropped; each Chinese character is a word. All of it is saved in the tokenizer file.
    """
    tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
    tokenizer.normalizer = _normaliser(settings.omit)
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.WordLevelTrainer(
        vocab_size=settings.size,
        min_frequency=settings.min_frequency,
        special_tokens=[PADDING, UNKNOWN],
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def _normaliser(omitted: Iterable[str]) -> normalizers.Normalizer:
    """From what people write to words with spaces between them."""
    steps = [
        normalizers.NFKC(),
        normalizers.Replace(Regex(r"<br\s*/?>"), " "),
        normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True),
        normalizers.Replace(Regex("['\u2019]"), ""),
        normalizers.Replace(Regex(r"[^\p{L}\p{N}]+"), " "),
    ]
    words = [re.escape(word) for word in omitted]
    if words:
        steps.append(normalizers.Replace(Regex(rf"(?<![^ ])(?:{'|'.join(words)})(?![^ ])"), ""))
    return normalizers.Sequence(steps)
