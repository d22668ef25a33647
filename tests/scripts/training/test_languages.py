from scripts.training.languages import count_words, is_chinese


def test_every_chinese_character_is_a_word():
    assert count_words("It's 很好 2x!") == 5
    assert is_chinese("iPhone 很好用")
    assert not is_chinese("The word 好 means good in that language")
    assert not is_chinese("")
