"""Which of the two languages a text is in, and how many words it has."""

import re

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+")


def is_chinese(text: str) -> bool:
    """Whether at least a third of a text's words are Chinese characters."""
    return 3 * len(CHINESE.findall(text)) >= max(count_words(text), 1)


def count_words(text: str) -> int:
    """The words in a text, every Chinese character being one."""
    return len(WORD.findall(text))
