"""A number of works -> a bibliography of different people's books, articles and reports."""

from __future__ import annotations

import difflib
import string
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

from prose import TOPICS, Writer, capital

_BEGIN = (
    "Alder", "Ash", "Beck", "Birk", "Black", "Bram", "Brook", "Burn", "Clay", "Cold", "Crook",
    "Dun", "East", "Elm", "Fair", "Farn", "Gold", "Green", "Hal", "Hart", "Hazel", "High", "Holm",
    "Hor", "Kel", "Kirk", "Lang", "Lin", "Long", "Marsh", "Mel", "Mill", "Nether", "North", "Oak",
    "Old", "Pem", "Pick", "Rad", "Red", "Rush", "Sal", "Sand", "Shel", "South", "Stan", "Thorn",
    "Under", "Wal", "West", "Whit", "Win", "Wood", "Wor", "Yar",
)  # fmt: skip
_END = (
    "bank", "beck", "borough", "bridge", "bury", "by", "combe", "croft", "dale", "den", "field",
    "ford", "gate", "grave", "ham", "hurst", "ing", "land", "lake", "low", "man", "mere", "more",
    "ridge", "shaw", "side", "stead", "stow", "thwaite", "ton", "wald", "well", "wick", "worth",
    "yard",
)  # fmt: skip
_PLACES = ("Bath", "Bristol", "Durham", "Leeds", "London", "Oxford", "Slough", "York")
_PUBLISHERS = ("Northern Press", "Policy Press", "Research House", "Open Books", "City Press")
_BODIES = ("Council", "Centre", "Trust", "Institute", "Forum", "Agency")
FIRST, LAST = 1992, 2010
"""Years between which works come out."""


@dataclass(frozen=True)
class Work:
    """One entry of the bibliography."""

    key: str
    entry: str
    name: str
    """What the prose may call its author."""
    pages: tuple[int, int]
    """The first and the last page that a citation of it may name."""


def make_works(count: int, chance: Random) -> list[Work]:
    """That many works, of which no two could be taken for one."""
    authors = list(_authors(count // 2 + 8, chance))
    keys: set[str] = set()
    places: Counter[tuple[str, str]] = Counter()
    titles: set[str] = set()
    works = []
    for _ in range(count):
        year = str(chance.randint(FIRST, LAST))
        names = chance.sample(authors, chance.choice((1, 1, 1, 2, 2, 3)))
        if any(name.startswith("{") for name in names):
            names = names[:1]
        family = names[0].partition(",")[0].strip("{}")
        told = (" and ".join(names), year)
        places[told] += 1
        title = _title(chance, titles)
        key = _key(f"{family} {year}", title, keys)
        entry, pages = _entry(key, told, places[told], title, chance)
        works.append(Work(key, entry, family, pages))
    return works


def _authors(count: int, chance: Random) -> Iterator[str]:
    """Names as BibTeX writes them, one in eight of a body, no two alike."""
    families = [begin + end for begin, end in product(_BEGIN, _END)]
    chance.shuffle(families)
    by_initial: defaultdict[str, list[str]] = defaultdict(list)
    bodies = [f"{{{capital(a)} {b}}}" for a, b in product(TOPICS, _BODIES)]
    chance.shuffle(bodies)
    made = 0
    for family in families:
        if made == count:
            return
        if made % 8 == 7 and bodies:
            yield bodies.pop()
            made += 1
            continue
        initials = chance.sample(string.ascii_uppercase[:23], 2)
        first = next((i for i in initials if not _alike(family, by_initial[i])), None)
        if first is None:
            continue
        by_initial[first].append(family)
        second = f" {chance.choice('ABCDEFGHJKLMNPRSTW')}." if chance.random() < 0.3 else ""
        yield f"{family}, {first}.{second}"
        made += 1


def _alike(name: str, others: list[str]) -> bool:
    return any(difflib.SequenceMatcher(None, other, name).ratio() > 0.8 for other in others)


def _title(chance: Random, known: set[str]) -> str:
    writer = Writer(chance)
    while True:
        a, b = writer.pick(TOPICS), writer.pick(TOPICS)
        title = f"{capital(a)} and {b}: {writer.phrase()} and {writer.phrase()}"
        if title not in known:
            known.add(title)
            return title


def _entry(
    key: str, told: tuple[str, str], place: int, title: str, chance: Random
) -> tuple[str, tuple[int, int]]:
    kind = chance.choice(("book", "report", "article"))
    fields = {
        "author": told[0],
        "title": f"{{{title}}}",
        "year": told[1],
        "keywords": str(place),
    }
    pages = (1, 90)
    if kind == "article":
        first = chance.randint(10, 400)
        pages = (first, first + chance.randint(8, 24))
        fields["journal"] = f"Journal of {capital(chance.choice(TOPICS))}"
        fields["volume"] = str(chance.randint(2, 40))
        fields["pages"] = f"{pages[0]}–{pages[1]}"
    else:
        fields["publisher"] = chance.choice(_PUBLISHERS)
        fields["address"] = chance.choice(_PLACES)
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"]), pages


def _key(start: str, title: str, known: set[str]) -> str:
    """`smith_2010`, and with as many words of the title as it takes to be another key."""
    words = [*start.lower().split()]
    for word in (*title.lower().replace(":", "").split(), "again"):
        key = "_".join(words)
        if key not in known:
            break
        words.append(word)
    known.add(key)
    return key
