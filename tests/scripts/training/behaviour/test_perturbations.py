from scripts.training.behaviour.perturbations import with_exclamation, with_spaces, with_typo, without_punctuation


def test_a_typo_swaps_two_neighbours_inside_a_long_word_and_is_the_same_every_time():
    text = "It was a dreadful film"
    mistyped = with_typo(text, 0)
    assert mistyped == with_typo(text, 0) != text
    assert sorted(mistyped) == sorted(text)
    differing = [place for place, pair in enumerate(zip(text, mistyped, strict=True)) if len(set(pair)) > 1]
    assert len(differing) == 2
    assert differing[1] - differing[0] == 1
    assert mistyped[text.index("dreadful")] == "d"


def test_a_text_without_a_long_word_stays():
    assert with_typo("so bad, 太差", 1) == "so bad, 太差"
    assert with_typo("aaaaaa", 1) == "aaaaaa"


def test_punctuation_goes_and_comes():
    assert without_punctuation("Don't, ever! 太差了。") == "Don't ever 太差了"
    assert with_exclamation("Bad. 太差。") == "Bad!!! 太差!!!"
    assert with_spaces("so bad") == " so  bad "
