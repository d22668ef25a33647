"""What a topic model of AG News's four labels must get right."""

from collections.abc import Callable

from scripts.training.behaviour.check import Case, Check
from scripts.training.behaviour.perturbations import with_exclamation, with_spaces, with_typo, without_punctuation
from scripts.training.behaviour.templates import filled, labelled, swapped

GROUP = "news"
LABELS = ("World", "Sports", "Business", "Sci/Tech")

COUNTRIES = ("Iraq", "France", "Brazil", "Kenya", "Japan", "Poland")
TEAMS = ("the Giants", "Arsenal", "the Lakers", "Brazil", "the Yankees")
COMPANIES = ("Boeing", "Wal-Mart", "Shell", "Citigroup", "Nestle")
MAKERS = ("Microsoft", "Apple", "Intel", "IBM", "Sony")

TEMPLATES = {
    "World": (
        ("Troops clash with rebels near the capital of {gap}, killing dozens", COUNTRIES),
        ("The president of {gap} calls for peace talks after a bomb attack", COUNTRIES),
        ("Voters in {gap} go to the polls to elect a new parliament", COUNTRIES),
        ("The UN sends aid to refugees who fled the fighting in {gap}", COUNTRIES),
    ),
    "Sports": (
        ("A late goal gives {gap} the win in the cup final", TEAMS),
        ("The coach of {gap} praises his players after the match", TEAMS),
        ("{gap} lose the season opener in overtime", TEAMS),
        ("Injured striker will miss the playoffs, say {gap}", TEAMS),
    ),
    "Business": (
        ("Shares of {gap} fall as quarterly profit misses forecasts", COMPANIES),
        ("{gap} to cut 2,000 jobs to lower costs, the company says", COMPANIES),
        ("Oil prices rise and stocks slip; {gap} leads the losers", COMPANIES),
        ("{gap} agrees to buy its rival for three billion dollars in cash", COMPANIES),
    ),
    "Sci/Tech": (
        ("{gap} releases new software that fixes a security hole", MAKERS),
        ("{gap} unveils a faster chip for laptop computers", MAKERS),
        ("Hackers spread a worm through a flaw in the browser of {gap}", MAKERS),
        ("A new wireless internet standard gets the support of {gap}", MAKERS),
    ),
}

PLAIN = {
    "World": (
        "Prime minister survives a vote of no confidence",
        "Peace envoys meet rebel leaders at the border",
        "Hostages freed after a week of negotiations",
        "Earthquake leaves thousands homeless, government appeals for help",
    ),
    "Sports": (
        "Sprinter breaks the world record at the Olympic Games",
        "Home run in the ninth inning ends the losing streak",
        "Tennis champion reaches the semi-finals in straight sets",
        "Quarterback throws four touchdowns in the victory",
    ),
    "Business": (
        "Central bank raises interest rates by a quarter point",
        "Consumer spending slows while inflation picks up",
        "Airline seeks protection from its creditors",
        "Dollar slides against the euro as the trade deficit widens",
    ),
    "Sci/Tech": (
        "Scientists find signs of water on Mars",
        "Space probe sends back first pictures of Saturn's moon",
        "New search engine looks through the files on a PC",
        "Study of fossils sheds light on early mammals",
    ),
}


CHANGES: dict[str, Callable[[str], str]] = {
    "a typo": lambda text: with_typo(text, 0),
    "no punctuation": without_punctuation,
    "exclamation marks": lambda text: with_exclamation(f"{text}."),
    "lower case": str.lower,
    "upper case": str.upper,
    "careless spaces": with_spaces,
}
"""What may be done to a headline without another topic coming of it."""


def news_checks() -> list[Check]:
    """Every check, each with its cases."""
    texts = [text for label in LABELS for text in _texts(label)]
    plain = [case for place, label in enumerate(LABELS) for case in labelled(_texts(label), place)]
    named = [pair for pairs in TEMPLATES.values() for pair in pairs]
    swaps = [case for template, gap in named for case in swapped(template, "gap", gap)]
    return [
        Check("plain headlines", "minimum", GROUP, plain),
        Check("another name in the same place", "invariance", GROUP, swaps),
        *(
            Check(name, "invariance", GROUP, [Case(text, change(text)) for text in texts])
            for name, change in CHANGES.items()
        ),
    ]


def _texts(label: str) -> list[str]:
    """Headlines of one label."""
    made = [text for template, gap in TEMPLATES[label] for text in filled(template, gap=gap)]
    return [*made, *PLAIN[label]]
