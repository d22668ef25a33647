"""What a sentiment model must get right in Chinese."""

from scripts.training.behaviour.check import Case, Check
from scripts.training.behaviour.perturbations import with_exclamation, with_spaces, without_punctuation
from scripts.training.behaviour.templates import NEGATIVE, POSITIVE, filled, labelled, swapped
from scripts.training.sentences.reading import read_sentences

GROUP = "chinese"

THINGS = ("电影", "书", "手机", "酒店", "饭菜", "衣服", "软件", "服务", "玩具", "咖啡")
PRAISE = ("很好", "很棒", "非常满意", "特别喜欢", "不错", "值得推荐")
BLAME = ("很差", "太糟糕了", "让人失望", "非常不满意", "特别难受", "不值得买")

WESTERN_MARKS = str.maketrans("，。！：", ",.!:")

NAMES = ("小明", "王芳", "张伟", "李娜", "约翰", "玛丽亚")
PLACES = ("北京", "上海", "成都", "伦敦", "东京", "拉萨")
TOLD = "{name}说这个{thing}{word}。"
BOUGHT = "在{place}买的{thing}，{word}。"


def chinese_checks() -> list[Check]:
    """Every check, each with its cases."""
    return [*_minimum(), *_invariance(), *_direction()]


def _minimum() -> list[Check]:
    plain = [
        *labelled(filled("这个{thing}{word}。", thing=THINGS, word=PRAISE), POSITIVE),
        *labelled(filled("这个{thing}{word}。", thing=THINGS, word=BLAME), NEGATIVE),
    ]
    negated_praise = [
        *labelled(
            filled("这个{thing}{word}。", thing=THINGS, word=("不好", "一点都不好", "并不好用", "不怎么样")), NEGATIVE
        ),
        *labelled(filled("我不{verb}这个{thing}。", verb=("喜欢", "推荐"), thing=THINGS), NEGATIVE),
        *labelled(filled("我对这个{thing}不满意。", thing=THINGS), NEGATIVE),
    ]
    negated_blame = [
        *labelled(
            filled("这个{thing}{word}。", thing=THINGS, word=("一点都不差", "真的不差", "没有任何问题")), POSITIVE
        ),
        *labelled(filled("这个{thing}没什么可挑剔的。", thing=THINGS), POSITIVE),
        *labelled(filled("从来没有对这个{thing}失望过。", thing=THINGS), POSITIVE),
    ]
    turns = [
        *labelled(filled("本来以为这个{thing}很差，没想到{word}。", thing=THINGS, word=("很好", "很棒")), POSITIVE),
        *labelled(filled("本来以为这个{thing}很好，没想到{word}。", thing=THINGS, word=("很差", "这么糟糕")), NEGATIVE),
    ]
    named = {"plain words": plain, "negated praise": negated_praise, "negated blame": negated_blame, "turns": turns}
    return [Check(name, "minimum", GROUP, cases) for name, cases in named.items()]


def _invariance() -> list[Check]:
    words, texts = (*PRAISE[:3], *BLAME[:3]), _texts()
    named = {
        "another name": swapped(TOLD, "name", NAMES, thing=THINGS[:4], word=words),
        "another place": swapped(BOUGHT, "place", PLACES, thing=THINGS[:4], word=words),
        "no punctuation": [Case(text, without_punctuation(text)) for text in texts],
        "exclamation marks": [Case(text, with_exclamation(text)) for text in texts],
        "Western marks": [Case(text, text.translate(WESTERN_MARKS)) for text in texts],
        "careless spaces": [Case(text, with_spaces(text)) for text in texts],
    }
    return [Check(name, "invariance", GROUP, cases) for name, cases in named.items()]


def _direction() -> list[Check]:
    blamed = [Case(text, f"{text}{tail}", POSITIVE) for text in _texts() for tail in ("太差了。", "非常失望。")]
    praised = [Case(text, f"{text}{tail}", NEGATIVE) for text in _texts() for tail in ("太棒了。", "非常满意。")]
    return [
        Check("blame added", "direction", GROUP, blamed),
        Check("praise added", "direction", GROUP, praised),
    ]


def _texts() -> list[str]:
    """Our own sentences, of the half on which choices may be made."""
    return [sentence.text for sentence in read_sentences(GROUP, "development")]
