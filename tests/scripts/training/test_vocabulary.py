import pytest

pytest.importorskip("tensorflow", reason="training needs the tensorflow extra")

from scripts.training.data.catalogue import load_dataset
from scripts.training.examples import prepare
from scripts.training.recipe import RecipeInvalid, Vocabulary, read_recipe
from scripts.training.vocabulary import PADDING, UNKNOWN, train_vocabulary


def words(tokenizer, text):
    return tokenizer.encode(text).tokens


def test_padding_and_unknown_have_the_first_ids():
    tokenizer = train_vocabulary(["good film"], Vocabulary(size=10))
    assert [tokenizer.token_to_id(token) for token in (PADDING, UNKNOWN)] == [0, 1]
    assert words(tokenizer, "good plot") == ["good", UNKNOWN]


def test_what_people_write_becomes_plain_words():
    text = "It's a GOOD <br /><br/>film!! Don’t miss the Café, ＡＢＣ"
    tokenizer = train_vocabulary([text], Vocabulary(size=50))
    assert words(tokenizer, text) == ["its", "a", "good", "film", "dont", "miss", "the", "cafe", "abc"]


def test_every_chinese_character_is_a_word():
    tokenizer = train_vocabulary(["很棒的ok电影！"], Vocabulary(size=50))
    assert words(tokenizer, "电影很棒ok") == ["电", "影", "很", "棒", "ok"]


def test_omitted_words_are_left_out_but_not_inside_others():
    tokenizer = train_vocabulary(["the the other theme of it"], Vocabulary(size=50, omit=("the", "it")))
    assert words(tokenizer, "The other the the theme it") == ["other", "theme"]


@pytest.mark.parametrize(
    ("word", "told"),
    [("Don't", "'dont'"), ("well-known", "'well' and 'known'"), ("电影", "'电' and '影'"), ("!", "with letters")],
)
def test_a_word_that_no_normalised_text_has_cannot_be_omitted(word, told):
    with pytest.raises(RecipeInvalid, match=rf"vocabulary\.omit: expected normalised words \({told}\); received"):
        train_vocabulary(["it"], Vocabulary(size=50, omit=(word,)))


def test_no_text_can_name_the_padding_or_the_unknown_word():
    tokenizer = train_vocabulary(["pad good"], Vocabulary(size=50))
    assert words(tokenizer, f"{PADDING}good {UNKNOWN}") == ["pad", "good", UNKNOWN]
    assert tokenizer.encode(PADDING).ids != [0]


def test_the_vocabulary_keeps_the_most_frequent_words():
    tokenizer = train_vocabulary(["b b b a a c"], Vocabulary(size=4))
    assert sorted(tokenizer.get_vocab(), key=tokenizer.token_to_id) == [PADDING, UNKNOWN, "b", "a"]


def test_a_word_that_only_the_test_split_has_stays_unknown(recipe_file, texts):
    recipe = read_recipe(recipe_file())
    dataset = load_dataset(f"texts:{texts}", None)
    tokenizer = prepare(recipe, [dataset]).tokenizer
    assert any("unheard" in text for text in dataset.test.inputs)
    assert words(tokenizer, "good unheard")[-1] == UNKNOWN
