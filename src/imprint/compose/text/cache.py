"""The text of a chapter, kept in the cache for as long as all that it is made from is the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from imprint.compose.text.document import chapter_text, origin_files
from imprint.core import digests, store
from imprint.core.document import ChapterText, Holder, Mention, Passage, Piece, Run
from imprint.core.model import Executed, Stretch
from imprint.core.problems import Place

CODE = Path(__file__).parent


def cached_text(
    root: Path, chapter: Executed, answer: Mapping[str, Any], read_from: str
) -> ChapterText:
    """The text of a chapter of the report at `root`, run and read; `read_from` is the name under
    which pandoc's answer is kept, which depends on the installed packages, too."""
    made_from = [
        read_from,
        chapter.path,
        [[it.text, _place(it.place), [*map(_stretch, it.stretches)]] for it in chapter.lines],
        [
            [it.code, _place(it.place), it.code_line, _places(it.option_places)]
            for it in chapter.cells
        ],
        origin_files(root, chapter, answer),
        _code(),
    ]
    name = f"text/{digests.value_digest(made_from)}"
    kept = store.get(root, name)
    if kept is not None:
        store.touch(root, name)
        return _from_json(chapter.path, json.loads(kept))
    text = chapter_text(root, chapter, answer)
    store.put(root, name, json.dumps(_to_json(text), ensure_ascii=False).encode())
    return text


@lru_cache(maxsize=1)
def _code() -> dict[str, str]:
    """Digests of the code that places texts, with which what is kept changes its form."""
    return digests.file_digests(CODE.glob("*.py"), CODE)


# --- as JSON -------------------------------------------------------------------------------------


def _values(kind: type) -> attrgetter[Any]:
    return attrgetter(*(field.name for field in fields(kind)))


_stretch, _place, _run = _values(Stretch), _values(Place), _values(Run)
_passage, _holder = _values(Passage), _values(Holder)


def _places(places: Mapping[str, Place]) -> dict[str, Any]:
    return {name: _place(place) for name, place in places.items()}


def _to_json(text: ChapterText) -> list[Any]:
    """Its holders, its passages with the numbers of theirs, its mentions, its uses, their runs."""
    holders: dict[int, tuple[int, Holder]] = {}
    for passage in text.passages:
        for holder in passage.within:
            holders.setdefault(id(holder), (len(holders), holder))
    passages = []
    for passage in text.passages:
        fields_of = dict(zip(Passage.__match_args__, _passage(passage), strict=True))
        fields_of["runs"] = [_run(it) for it in passage.runs]
        fields_of["pieces"] = [(it.start, _place(it.place), it.is_written) for it in passage.pieces]
        fields_of["within"] = [holders[id(it)][0] for it in passage.within]
        passages.append(fields_of)
    mentions = [(it.kind, it.name, _place(it.place)) for it in text.mentions]
    told = [_holder(it) for _, it in holders.values()]
    return [told, passages, mentions, _places(text.uses), dict(text.runs)]


def _from_json(path: str, told: list[Any]) -> ChapterText:
    holders = [Holder(id, tuple(classes), values) for id, classes, values in told[0]]
    passages = []
    for it in told[1]:
        it["runs"] = tuple(
            Run(kind, start, end, tuple(ids), form, target, tuple(locators))
            for kind, start, end, ids, form, target, locators in it["runs"]
        )
        it["pieces"] = tuple(
            Piece(start, Place(*place), is_written) for start, place, is_written in it["pieces"]
        )
        it["within"] = tuple(holders[number] for number in it["within"])
        it["classes"] = tuple(it["classes"])
        passages.append(Passage(**it))
    mentions = (Mention(kind, name, Place(*place)) for kind, name, place in told[2])
    uses = {name: Place(*place) for name, place in told[3].items()}
    runs = {name: (at, which) for name, (at, which) in told[4].items()}
    return ChapterText(path, tuple(passages), tuple(mentions), uses, runs)
