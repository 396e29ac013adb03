"""`imprint comments`: what reviewers have said, where it stands, and what became of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from imprint.build.documents import present_documents
from imprint.core import numbers
from imprint.core.problems import ReportError, problem
from imprint.core.root import find_root
from imprint.review.apply import apply
from imprint.review.comments import State
from imprint.review.files import append, git_name, read_reviews, read_seen
from imprint.review.incoming import read_incoming
from imprint.review.placed import Placed, as_data, counted, lines, place_all, reply_to

EXAMPLES = """\
imprint comments                             every comment, with its file and line
imprint comments --open --json               those that wait for an answer, as data
imprint comments add from-ada.json           take in the comments that a reviewer's page saved
imprint comments add reviewed.docx           those of a Word document, and its tracked changes
imprint comments reply 3f2a91cd 'Done.'      answer one
imprint comments resolve 3f2a91cd            settle one
imprint comments reopen 3f2a91cd             open a settled one again
imprint comments apply 3f2a91cd              write the words that it proposes into the chapter
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--open", action="store_true", help="those that wait for an answer alone")
    parser.add_argument("--json", action="store_true", help="print them as JSON")
    parser.set_defaults(do="list")
    verbs = parser.add_subparsers(dest="do", metavar="ACTION")
    add = _action(verbs, "add", "take in what a reviewer sent")
    add.add_argument("file", type=Path, help="what a review page saved, or a Word document")
    for name, purpose in _VERBS.items():
        verb = _action(verbs, name, purpose)
        verb.add_argument("id", help="the comment's id, or how it begins")
        if name == "reply":
            verb.add_argument("text", type=_words, help="what to say")
        elif name != "apply":
            verb.add_argument("text", nargs="?", default="", help="what to say")
        verb.add_argument("--as", dest="author", default="", metavar="NAME", help=_AS)


def _words(written: str) -> str:
    """What an answer says; ArgumentTypeError where that is nothing."""
    if not written.strip():
        raise argparse.ArgumentTypeError("an answer needs words")
    return written


def _action(verbs: Any, name: str, purpose: str) -> argparse.ArgumentParser:
    """Declare one action, with its own examples."""
    own = (it for it in EXAMPLES.splitlines() if it.startswith(f"imprint comments {name} "))
    action: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=purpose,
        description=purpose,
        epilog="\n  ".join(("examples:", *own)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return action


_VERBS = {
    "reply": "answer a comment",
    "resolve": "settle a comment",
    "reopen": "open a settled comment again",
    "apply": "write the words that a comment proposes into the chapter, and settle it",
}
_AS = "who says so; by default as git is told"
_BECOMES: dict[str, State] = {"reply": "", "resolve": "resolved", "reopen": "open"}


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    """List the comments, or do something about one. Raises ReportError."""
    root = find_root(Path.cwd())
    match arguments.do:
        case "add":
            _add(root, arguments.file, say)
        case "apply":
            _apply(root, arguments, say)
        case "reply" | "resolve" | "reopen":
            _answer(root, arguments, say)
        case _:
            return _list(root, arguments, say)
    return 0


def _list(root: Path, arguments: argparse.Namespace, say: Callable[[str], None]) -> int:
    reviews = read_reviews(root)
    placed = place_all(root, reviews, present_documents(root) if reviews.threads else ())
    shown = [it for it in placed if it.thread.is_open or not arguments.open]
    if arguments.json:
        told = {
            "comments": [as_data(it) for it in shown],
            "problems": [*map(str, reviews.problems)],
        }
        say(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for it in shown:
            say("\n".join([*lines(it), ""]))
        for found in reviews.problems:
            say(str(found))
        say(counted(placed))
    return 1 if reviews.problems else 0


def _add(root: Path, file: Path, say: Callable[[str], None]) -> None:
    reviews, documents = read_reviews(root), present_documents(root)
    incoming = read_incoming(file, documents, lambda digest: read_seen(root, digest))
    known = {it.comment.id for it in reviews.threads}
    known |= {reply.id for it in reviews.threads for reply in it.replies}
    new = [it for it in incoming.entries if it.id not in known]
    append(root, new, incoming.texts)
    ids = {it.id for it in new}
    placed = [it for it in place_all(root, read_reviews(root), documents)
              if it.thread.comment.id in ids]  # fmt: skip
    for it in placed:
        say("\n".join([*lines(it), ""]))
    there = len(incoming.entries) - len(new)
    answers = len(new) - len(placed)
    told = [f"{numbers.counted(len(placed), 'comment')} added"]
    told += [numbers.counted(answers, "answer")] if answers else []
    told += [f"{there} here already"] if there else []
    say("; ".join(told))
    for line in incoming.notes:
        say(line)


def _apply(root: Path, arguments: argparse.Namespace, say: Callable[[str], None]) -> None:
    author = _author(root, arguments.author)
    placed = _placed(root, arguments.id)
    comment = placed.thread.comment
    place = apply(root, placed)
    append(root, [reply_to(placed.thread, author, "Applied.", "resolved")], {})
    say(f"{place}: ‘{comment.anchor.words}’ now reads ‘{comment.proposed}’")


def _answer(root: Path, arguments: argparse.Namespace, say: Callable[[str], None]) -> None:
    author = _author(root, arguments.author)
    thread = read_reviews(root).thread(arguments.id)
    append(root, [reply_to(thread, author, arguments.text, _BECOMES[arguments.do])], {})
    again = read_reviews(root).thread(thread.comment.id)
    say(f"{'open' if again.is_open else 'resolved'}: {thread.comment.text}")


def _placed(root: Path, id: str) -> Placed:
    reviews = read_reviews(root)
    one = replace(reviews, threads=(reviews.thread(id),))
    return place_all(root, one, present_documents(root))[0]


def _author(root: Path, given: str) -> str:
    name = given.strip() or git_name(root)
    if not name:
        message = "git knows no name, so nobody would know who says this"
        fix = "give one with `--as NAME`, or set it: `git config user.name NAME`"
        raise ReportError([problem("author-is-known", "--as", 0, message, fix)])
    return name
