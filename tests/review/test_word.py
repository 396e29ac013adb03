"""Word documents that reviewers send back: every edit and comment found, in its place, no other."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from test_anchoring import WORDS, written

from imprint.core.document import Document
from imprint.core.problems import ReportError
from imprint.review.from_word import comments_from
from imprint.review.incoming import read_incoming
from imprint.review.word import NoWordError, read_word

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = """<?xml version="1.0"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/>
</Types>"""  # noqa: E501
RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'  # noqa: E501
PROPERTIES = '<?xml version="1.0"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{}</Properties>'  # noqa: E501
PROPERTY = '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="imprint-{}"><vt:lpwstr>{}</vt:lpwstr></property>'  # noqa: E501


def word_file(body: str, comments: str = "", **made_from: str) -> bytes:
    """A document in the form that Word writes."""
    made = io.BytesIO()
    told = "".join(PROPERTY.format(name, text) for name, text in made_from.items())
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        main = RELATION.format("officeDocument", "word/document.xml")
        archive.writestr("_rels/.rels", RELATIONS.format(main))
        own = RELATION.format("comments", "comments.xml")
        archive.writestr("word/_rels/document.xml.rels", RELATIONS.format(own))
        archive.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>"
        )
        archive.writestr("word/comments.xml", f"<w:comments {W}>{comments}</w:comments>")
        archive.writestr("docProps/custom.xml", PROPERTIES.format(told))
    return made.getvalue()


def run(text: str, tag: str = "t") -> str:
    """Words, in two runs as Word splits them at a spelling mark."""
    half = len(text) // 2
    parts = [it for it in (text[:half], text[half:]) if it]
    return '<w:proofErr w:type="spellStart"/>'.join(
        f'<w:r w:rsidR="00A{n}"><w:{tag} xml:space="preserve">{escape(it)}</w:{tag}></w:r>'
        for n, it in enumerate(parts)
    )


@dataclass
class Editor:
    """A reviewer in Word: writes paragraphs with edits, and notes what must be found."""

    chance: random.Random
    number: int = 0
    comments: str = ""
    expected: list[tuple[str, str, str | None, str]] = field(default_factory=list)
    """Paragraph as it was, words, proposed words, comment."""

    def paragraph(self, text: str, kind: str) -> str:
        """The paragraph with one edit of a kind."""
        words = text.split(" ")
        at = self.chance.randrange(2, len(words) - 3)
        before, word, after = " ".join(words[:at]), words[at], " ".join(words[at + 1 :])
        self.number += 1
        who = f'w:id="{self.number}" w:author="Ada &amp; Bo" w:date="2026-03-01T09:30:00Z"'
        new = f"new{self.number}"
        deleted = f"<w:del {who}>{run(word, 'delText')}</w:del>"
        if kind == "replace":
            self.expected.append((text, word, new, ""))
            edit = f"{deleted}<w:ins {who}>{run(new)}</w:ins>"
        elif kind == "delete":
            self.expected.append((text, word, "", ""))
            edit = deleted
        elif kind == "insert":
            self.expected.append((text, word, f"{word} {new}", ""))
            edit = f"{run(word)}<w:ins {who}>{run(f' {new}')}</w:ins>"
        elif kind == "move":
            self.expected.append((text, word, "", ""))
            last = words[-1]
            self.expected.append((text, last, f"{last} {word}", ""))
            name = f'w:id="{900 + self.number}" w:name="move{self.number}"'
            edit = f"<w:moveFromRangeStart {name}/><w:moveFrom {who}>{run(word)}</w:moveFrom>"
            edit += f'<w:moveFromRangeEnd w:id="{900 + self.number}"/>'
            after += f"|<w:moveTo {who}>{run(f' {word}')}</w:moveTo>"
        else:
            said = f"Comment {self.number} <sic>?"
            self.expected.append((text, word, None, said))
            self.comments += f"<w:comment {who}><w:p>{run(said)}</w:p></w:comment>"
            edit = f'<w:commentRangeStart w:id="{self.number}"/>{run(word)}'
            edit += f'<w:commentRangeEnd w:id="{self.number}"/>'
            edit += f'<w:r><w:commentReference w:id="{self.number}"/></w:r>'
        rest, _, moved = after.partition("|")
        return f"<w:p>{run(before + ' ')}{edit}{run(' ' + rest)}{moved}</w:p>"


def text_of(chance: random.Random, count: int) -> list[str]:
    """Paragraphs of some sentences, no two alike, words of each apart."""
    return [
        f"{' '.join(chance.sample(WORDS, chance.randint(9, 24))).capitalize()}."
        for _ in range(count)
    ]


def document(texts: list[str]) -> Document:
    """Two chapters of these paragraphs."""
    half = len(texts) // 2
    return written({"one.qmd": texts[:half], "two.qmd": texts[half:]})


def test_a_hundred_edits_and_comments_are_found_in_their_places() -> None:
    """Of words inserted, deleted, replaced and moved, and of comments; nothing is invented."""
    chance = random.Random("word")
    texts = text_of(chance, 120)
    editor = Editor(chance)
    kinds = ["replace", "delete", "insert", "move", "comment"] * 18
    edited = dict(zip(chance.sample(range(120), 90), kinds, strict=True))
    body = "".join(
        editor.paragraph(it, edited[n]) if n in edited else f"<w:p>{run(it)}</w:p>"
        for n, it in enumerate(texts)
    )
    content = word_file(body, editor.comments)
    found = comments_from(read_word(content), document(texts), "")
    assert len(editor.expected) == 108
    assert sorted(
        (it.anchor.paragraph, it.anchor.words, it.proposed, it.text) for it in found
    ) == sorted(editor.expected, key=lambda it: (it[0], it[1], it[2] or "", it[3]))
    assert {it.author for it in found} == {"Ada & Bo"}
    chapters = {text: "one.qmd" if n < 60 else "two.qmd" for n, text in enumerate(texts)}
    assert all(it.anchor.chapter == chapters[it.anchor.paragraph] for it in found)
    again = comments_from(read_word(content), document(texts), "")
    assert [it.id for it in again] == [it.id for it in found]
    assert len({it.id for it in found}) == len(found)


def test_paragraphs_that_come_and_go_are_told() -> None:
    """A new one as a comment on the one before; one that goes as words to delete."""
    texts = text_of(random.Random("paragraphs"), 6)
    who = 'w:id="1" w:author="Ada" w:date="2026-03-01T09:30:00Z"'
    mark = f"<w:pPr><w:rPr><w:{{}} {who}/></w:rPr></w:pPr>"
    body = "".join(f"<w:p>{run(it)}</w:p>" for it in texts[:2])
    body += f"<w:p>{mark.format('ins')}<w:ins {who}>{run('A new one.')}</w:ins></w:p>"
    body += f"<w:p>{mark.format('del')}<w:del {who}>{run(texts[2], 'delText')}</w:del></w:p>"
    body += "".join(f"<w:p>{run(it)}</w:p>" for it in texts[3:])
    found = comments_from(read_word(word_file(body)), document(texts), "")
    assert [(it.anchor.paragraph, it.text, it.proposed) for it in found] == [
        (texts[1], "After this: writes ‘A new one.’", None),
        (texts[2], "", ""),
    ]
    assert found[1].anchor.words == texts[2]


def test_comments_without_words_or_an_end_are_told(tmp_path: Path) -> None:
    """One that has no end goes to the end of its paragraph; one on no words is counted."""
    texts = text_of(random.Random("ends"), 3)
    said = f"<w:p>{run('Really?')}</w:p></w:comment>"
    comments = "".join(f'<w:comment w:id="{n}" w:author="Ada">{said}' for n in (1, 2))
    first, _, rest = texts[0].partition(" ")
    body = f'<w:p>{run(f"{first} ")}<w:commentRangeStart w:id="1"/>{run(rest)}</w:p>'
    body += f'<w:p>{run(texts[1])}<w:r><w:commentReference w:id="2"/></w:r></w:p>'
    file = tmp_path / "reviewed.docx"
    file.write_bytes(word_file(f"{body}<w:p>{run(texts[2])}</w:p>", comments))
    found = read_incoming(file, [document(texts)], lambda _: None)
    assert [it.anchor.words for it in found.entries] == [rest]  # type: ignore[union-attr]
    assert found.notes[-1].endswith("left out: 1")


def bomb() -> bytes:
    """A document that unpacks to far more than it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (70 * 2**20))
    return made.getvalue()


def other_zip() -> bytes:
    """An archive of something else."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../evil.txt", "x")
    return made.getvalue()


def nested(depth: int) -> str:
    """Tables within tables."""
    cell = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return f"{cell[0] * depth}<w:p>{run('Within.')}</w:p>{cell[1] * depth}"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "it has a password or is an old .doc: save it as .docx",
        ),
        (b"PK\x03\x04 and no more", "not a Word document, or it is damaged"),
        (other_zip(), "it is not a Word document"),
        (word_file("<w:p>"), "its parts are damaged"),
        (word_file(nested(150)), "too far within each other"),
    ],
)
def test_what_is_no_word_document_is_refused(content: bytes, why: str) -> None:
    """Each with its reason."""
    with pytest.raises(NoWordError, match=why):
        read_word(content)


def test_a_bomb_is_refused() -> None:
    """Before it is unpacked."""
    with pytest.raises(NoWordError, match="unpacks to more than a report could be"):
        read_word(bomb())


def test_entities_are_refused() -> None:
    """Word defines none; who does means harm."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(NoWordError, match="it defines entities"):
        read_word(made.getvalue())


def test_a_document_of_another_report_or_version_is_known(tmp_path: Path) -> None:
    """The one is refused; comments on the other are carried over, and whoever adds them is told."""
    texts = text_of(random.Random("version"), 8)
    editor = Editor(random.Random(1))
    body = editor.paragraph(texts[0], "comment")
    body += "".join(f"<w:p>{run(it)}</w:p>" for it in texts[1:])
    file = tmp_path / "reviewed.docx"
    now = document([*texts[:3], "One more paragraph now.", *texts[3:]])
    file.write_bytes(word_file(body, editor.comments, publication="review", digest="0" * 16))
    kept = read_incoming(file, [now], lambda digest: document(texts) if digest else None)
    assert "older version" in kept.notes[0]
    lost = read_incoming(file, [now], lambda _: None)
    assert "not kept" in lost.notes[0]
    assert [it.anchor.words for it in lost.entries] == [editor.expected[0][1]]  # type: ignore[union-attr]
    file.write_bytes(word_file(body, editor.comments, publication="another"))
    with pytest.raises(ReportError, match="another report: there is no publication 'another'"):
        read_incoming(file, [now], lambda _: None)
    strange = "".join(f"<w:p>{run(f'Quite another {n} text is here.')}</w:p>" for n in range(9))
    file.write_bytes(word_file(strange))
    with pytest.raises(ReportError, match="its paragraphs are not those"):
        read_incoming(file, [now], lambda _: None)
