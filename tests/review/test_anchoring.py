"""Comments keep to their words through 200 scripted edits of all kinds.

Every word of the texts here has an identity, so that what an edit leaves of a comment's words is
known without looking at how it is found.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from imprint.core.document import ChapterText, Document, Passage, Piece
from imprint.core.problems import Place
from imprint.review.anchoring import Anchoring, Position, anchor_at
from imprint.review.comments import Anchor
from imprint.review.seen import from_seen, to_seen

WORDS = re.findall(
    r"\S+",
    """\
people council road bus rain school river survey report children often rarely said found asked
walked cycled 2009 twelve half most under over between because although north winter summer doctors
money streets homes parents villages ferries trains trips costs growth decline share number first
second third large small early late never always in of the some for with without before after town
during county region market health work""",
)


@dataclass(frozen=True, eq=False)
class Word:
    """A word that is itself and no other, however it reads."""

    text: str


Sentence = list[Word]
Text = dict[str, list[list[Sentence]]]
"""Chapters of paragraphs of sentences."""


def sentence(chance: random.Random) -> Sentence:
    """A sentence of seven to fourteen words."""
    found = chance.choices(WORDS, k=chance.randint(7, 14))
    for n in range(1, len(found)):
        while found[n] == found[n - 1]:
            found[n] = chance.choice(WORDS)
    return [Word(it.capitalize() if n == 0 else it) for n, it in enumerate(found)]


def paragraph(chance: random.Random) -> list[Sentence]:
    """A paragraph of two to four sentences."""
    return [sentence(chance) for _ in range(chance.randint(2, 4))]


def first_text(chance: random.Random) -> Text:
    """Two chapters of six paragraphs each."""
    return {path: [paragraph(chance) for _ in range(6)] for path in ("one.qmd", "two.qmd")}


def spelt(found: list[Sentence]) -> tuple[str, list[tuple[int, int, Word]]]:
    """A paragraph as it reads, and where each of its words stands."""
    text, at = "", []
    for one in found:
        for n, word in enumerate(one):
            text += " " if text else ""
            at.append((len(text), len(text) + len(word.text), word))
            text += word.text + ("." if n == len(one) - 1 else "")
    return text, at


def document(text: Text) -> Document:
    """The text as a document."""
    return written({path: [spelt(it)[0] for it in found] for path, found in text.items()})


def written(chapters: Mapping[str, list[str]]) -> Document:
    """A document of chapters by their paths, each with its paragraphs, one on a line."""

    def passage(text: str, place: Place) -> Passage:
        return Passage("text", text, (), (Piece(0, place, is_written=True),))

    return Document(
        "review",
        tuple(
            ChapterText(
                path, tuple(passage(it, Place(path, line, 1)) for line, it in enumerate(found, 1))
            )
            for path, found in chapters.items()
        ),
    )


# --- edits -----------------------------------------------------------------------------------


def _any_paragraph(text: Text, chance: random.Random) -> list[Sentence]:
    return chance.choice([it for found in text.values() for it in found if it])


def replace_word(text: Text, chance: random.Random) -> None:
    """One word reads otherwise."""
    one = chance.choice(_any_paragraph(text, chance))
    n = chance.randrange(1, len(one))
    one[n] = Word(chance.choice([it for it in WORDS if it != one[n].text]) + "ish")


def insert_words(text: Text, chance: random.Random) -> None:
    """Some words come."""
    one = chance.choice(_any_paragraph(text, chance))
    at = chance.randrange(1, len(one))
    one[at:at] = [Word(f"{chance.choice(WORDS)}ly") for _ in range(chance.randint(1, 4))]


def delete_words(text: Text, chance: random.Random) -> None:
    """Some words go."""
    one = chance.choice(_any_paragraph(text, chance))
    at = chance.randrange(1, len(one) - 2)
    del one[at : at + chance.randint(1, 2)]


def delete_sentence(text: Text, chance: random.Random) -> None:
    """A sentence goes."""
    found = _any_paragraph(text, chance)
    if len(found) > 1:
        del found[chance.randrange(len(found))]


def insert_sentence(text: Text, chance: random.Random) -> None:
    """A sentence comes."""
    found = _any_paragraph(text, chance)
    found.insert(chance.randrange(len(found) + 1), sentence(chance))


def swap_sentences(text: Text, chance: random.Random) -> None:
    """Two sentences of a paragraph change places."""
    found = _any_paragraph(text, chance)
    if len(found) > 1:
        a, b = chance.sample(range(len(found)), 2)
        found[a], found[b] = found[b], found[a]


def move_sentence(text: Text, chance: random.Random) -> None:
    """A sentence goes to another paragraph, perhaps of another chapter."""
    found, other = _any_paragraph(text, chance), _any_paragraph(text, chance)
    if found is not other and len(found) > 1:
        other.insert(chance.randrange(len(other) + 1), found.pop(chance.randrange(len(found))))


def split_paragraph(text: Text, chance: random.Random) -> None:
    """A paragraph becomes two."""
    found = text[chance.choice(list(text))]
    n = chance.randrange(len(found))
    if len(found[n]) > 1:
        at = chance.randrange(1, len(found[n]))
        found[n : n + 1] = [found[n][:at], found[n][at:]]


def join_paragraphs(text: Text, chance: random.Random) -> None:
    """Two paragraphs become one."""
    found = text[chance.choice(list(text))]
    if len(found) > 1:
        n = chance.randrange(len(found) - 1)
        found[n : n + 2] = [[*found[n], *found[n + 1]]]


def delete_paragraph(text: Text, chance: random.Random) -> None:
    """A paragraph goes."""
    found = text[chance.choice(list(text))]
    if len(found) > 1:
        del found[chance.randrange(len(found))]


def insert_paragraph(text: Text, chance: random.Random) -> None:
    """A paragraph comes."""
    found = text[chance.choice(list(text))]
    found.insert(chance.randrange(len(found) + 1), paragraph(chance))


def move_paragraph(text: Text, chance: random.Random) -> None:
    """A paragraph goes elsewhere, perhaps to another chapter."""
    found, other = (text[chance.choice(list(text))] for _ in range(2))
    if len(found) > 1:
        moved = found.pop(chance.randrange(len(found)))
        other.insert(chance.randrange(len(other) + 1), moved)


def rewrite_paragraph(text: Text, chance: random.Random) -> None:
    """Another paragraph takes the place of one."""
    found = text[chance.choice(list(text))]
    found[chance.randrange(len(found))] = paragraph(chance)


def quote_sentence(text: Text, chance: random.Random) -> None:
    """A sentence is written a second time elsewhere."""
    again = [Word(it.text) for it in chance.choice(_any_paragraph(text, chance))]
    _any_paragraph(text, chance).append(again)


Edit = Callable[[Text, random.Random], None]
EDITS: tuple[Edit, ...] = (
    replace_word, insert_words, delete_words, delete_sentence, insert_sentence, swap_sentences,
    move_sentence, split_paragraph, join_paragraphs, delete_paragraph, insert_paragraph,
    move_paragraph, rewrite_paragraph, quote_sentence,
)  # fmt: skip


# --- the test --------------------------------------------------------------------------------


def comments_on(text: Text, chance: random.Random) -> list[tuple[Anchor, list[Word]]]:
    """Comments on one to six words of half of all sentences, each with the words themselves."""
    found, whole = [], document(text)
    for path, paragraphs in text.items():
        for number, it in enumerate(paragraphs):
            for one in it:
                if chance.random() < 0.5:
                    continue
                length = chance.randint(1, 6)
                first = chance.randrange(max(1, len(one) - length))
                words = one[first : first + length]
                at = {word: (start, end) for start, end, word in spelt(it)[1]}
                span = at[words[0]][0], at[words[-1]][1]
                found.append((anchor_at(whole, path, number, span), words))
    return found


def place_of(words: list[Word], text: Text) -> tuple[str, int, int, int] | None:
    """Where words stand side by side: chapter, paragraph, start and end."""
    for path, paragraphs in text.items():
        for number, it in enumerate(paragraphs):
            found = spelt(it)[1]
            order = [word for *_, word in found]
            if words[0] in order:
                n = order.index(words[0])
                if order[n : n + len(words)] == words:
                    return path, number, found[n][0], found[n + len(words) - 1][1]
    return None


def told(position: Position | None) -> tuple[str, int, int, int] | None:
    """A position in the same form."""
    if position is None or position.block is None:
        return None
    return position.block.chapter, position.place.line - 1, position.start, position.end


def after_seen(text: Text, edited: Text) -> tuple[Anchoring, str]:
    """What places comments of the one text in the other, by what is kept of the first."""
    seen = to_seen(document(text))
    files: Mapping[str, bytes] = {f"seen/{name}.json": it for name, it in seen.files.items()}
    return Anchoring([document(edited)], lambda it: from_seen(it, files.__getitem__)), seen.digest


@pytest.mark.parametrize("edit", EDITS, ids=lambda it: str(it.__name__))
def test_comments_hold_their_words(edit: Edit) -> None:
    """Of 210 edits, every comment whose words survive holds its place; the others are detached."""
    for number in range(15):
        chance = random.Random(f"{edit.__name__} {number}")
        text = first_text(chance)
        edited = {path: [[[*s] for s in p] for p in found] for path, found in text.items()}
        for _ in range(1 + number % 3):
            edit(edited, chance)
        if number % 4 == 3:
            chance.choice(EDITS)(edited, chance)
        anchoring, digest = after_seen(text, edited)
        for anchor, words in comments_on(text, chance):
            found = told(anchoring.position(replace(anchor, seen=digest)))
            assert found == place_of(words, edited), (number, anchor)
