"""A vocabulary of whole words and of single Chinese characters, learnt from training texts."""

from collections.abc import Iterable

from tokenizers import Tokenizer, models, trainers

from app.processing.words import word_normaliser, word_splitter
from scripts.training.recipe import RecipeInvalid, Vocabulary

PADDING, UNKNOWN = "[PAD]", "[UNK]"
"""The first two ids, 0 (`app.processing.text.PADDING_ID`) and 1; no text has a word with brackets."""

UNKNOWN_ID = 1


def train_vocabulary(texts: Iterable[str], settings: Vocabulary) -> Tokenizer:
    """The `settings.size` most frequent words of `texts`, which must be the training split's, most frequent first.

    Texts are normalised (see `word_normaliser`) and the words of `settings.omit` dropped; all of it is saved in the
    tokenizer file. Raises `RecipeInvalid` where `omit` names what no normalised text can have as a word.
    """
    _check_omitted(settings.omit)
    learning = _tokenizer(models.WordLevel(unk_token=UNKNOWN), settings)
    trainer = trainers.WordLevelTrainer(
        vocab_size=settings.size,
        min_frequency=settings.min_frequency,
        special_tokens=[PADDING, UNKNOWN],
        show_progress=False,
    )
    learning.train_from_iterator(texts, trainer)
    # Anew, for the trainer makes its special tokens some that a text could name.
    return _tokenizer(models.WordLevel(learning.get_vocab(), unk_token=UNKNOWN), settings)


def _tokenizer(model: models.WordLevel, settings: Vocabulary) -> Tokenizer:
    """A tokenizer of normalised words without the omitted ones."""
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = word_normaliser(settings.omit)
    tokenizer.pre_tokenizer = word_splitter()
    return tokenizer


def _check_omitted(words: Iterable[str]) -> None:
    """Refuse a word that normalising would change, which could never be left out."""
    normaliser = word_normaliser()
    for word in words:
        plain = normaliser.normalize_str(word).split()
        if plain != [word]:
            raise RecipeInvalid(
                f"vocabulary.omit: expected normalised words ({' and '.join(map(repr, plain)) or 'with letters'}); "
                f"received {word!r}"
            )
