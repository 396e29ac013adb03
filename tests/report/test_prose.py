"""The report's prose, read from its sources: the summary tells all that the original's tells, in
few words, and every chapter reads easily."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports import ROOT

CHAPTERS = ROOT / "chapters"
SUMMARY = CHAPTERS / "executive-summary.qmd"
CODE = re.compile(r"`\{python\} [^`]*`")
CITATION = re.compile(r" ?\(?\[[-@][^\]]*\]\)?|@(?=[a-z]+_\d{4})")
MARKUP = re.compile(
    r"\{[^}]*\}|\[\^[\w-]+\]:?|\*+|^[-#:]+ ?|^:::.*$|<!--.*?-->|\]\([\w./-]+\)|\[", re.M
)
SENTENCE = re.compile(r"(?<=[.?!:;])\s+|\n")
LEAST = {"executive-summary": 55.0}
"""The least reading ease of a text (Flesch), where it is not 50."""
MOST_WORDS = 1500

FACTS: tuple[tuple[str, ...], ...] = (
    ("March 2009 Lord Laming reported", "United Kingdom"),
    ("Secretary of State", "Peter Connelly", "November 2008"),
    ("'a step change'", "laming_2009, p. 4"),
    ("June 2010", "Coalition Government", "Munro", "independent review"),
    ("first report, of October 2010", "her approach", "closer look"),
    ("wide range of stakeholders", "'good practice thrives'", "problems of the system", "p. 42"),
    ("evidence that practice has changed and improved since the Laming review",),
    ("challenges", "what helps"),
    ("scoping study", "National Foundation for Educational Research", "Local Government Group"),
    ("an indication of some developments in practice", "not a comprehensive evaluation"),
    ("first yearly survey", "come a long way", "suggests", "ofsted_2010_practitioners"),
    ("On the whole they speak well of it",),
    ("ofsted-training-helps", "understand and meet young people's needs"),
    ("ofsted-manager-risks", "risks"),
    ("ofsted-manager-training", "suitable training"),
    ("ofsted-manager-workload", "workload"),
    ("supervision may not be widespread",),
    ("hunter_2009", "same as after Lord Laming's first review of 2003"),
    ("in some cases worse", "burton_2009"),
    ("Third-sector organisations think well", "ofsted_2010_third_sector"),
    ("cqc-trusts-reviewed", "Baby Peter", "better trained and developed"),
    ("appears less encouraging", "budgets", "levels 1 and 2", "cqc_2009"),
    ("question their own judgement", "able to make effective decisions", "burton_2009"),
    ("Multi-disciplinary teams need training", "barlow_2010"),
    ("suggests that central and local government", "resources, training and supervision"),
    ("Social Work Task Force", "broad and sustained reform", "hm_government_2009"),
    ("health visitors", "Action on Health Visiting Programme", "ly_2009"),
    ("concern that resources are not always there on the ground",),
    ("lowers morale", "public profile", "barlow_2010"),
    ("recruitment and retention of social workers",),
    ("High workloads", "how well and how promptly", "macleod_2010"),
    ("Electronic recording", "management information", "Integrated Children's System"),
    ("Good communication and a caring manner", "childrens_commissioner_2010"),
    ("do not always have the time", "short-term", "moves families on", "assessment"),
    ("relationships with parents", "of the first importance"),
    ("A number of sources", "resist social care", "hard to reach"),
    ("Vulnerable children and young people", "more risk of harm"),
    ("share information better, but could go further", "holmes_2010", "suggest"),
    ("ofsted-information-sharing", "inside their authority and with others"),
    ("cqc-maternity-policy", "joint working between maternity and social services"),
    ("Universal services are ideal", "pregnancy", "after a birth", "barlow_2010"),
    ("trans-disciplinary teams", "built around social workers", "local examples"),
    ("Differences of history and culture could limit",),
    ("Problems of accountability", "not understood"),
    ("Local auditing is gaining in importance", "fish_2009"),
    ("Not a great deal", "local examples of tools put to effective use"),
    ("self-audits", "case-file reviews", "questionnaires for professionals, volunteers"),
    ("Some agencies do not appear to apply their procedures",),
    ("boards differ", "cqc-board-monitoring", "serious incident"),
    ("leave some processes out", "missed an outpatient appointment", "cqc_2009"),
    ("plans to measure performance in other ways", "fish_2009"),
    ("'necessary measure'", "fish_2009, p. 11"),
    ("carried out faster", "with more rigour", "overview reports", "ofsted_2009"),
    ("ofsted-scr-informed", "an indication could be drawn", "more effectively"),
    ("cqc-reviews-on-time", "cqc-reviews-months"),
    ("cqc-action-plans", "service managers responsible"),
    ("chiefly in communication and collaboration",),
    ("signs and symptoms of possible abuse without telling others",),
    ("Common Assessment Framework is not always",),
    ("teenage parents' childhoods", "often hindered", "school records", "local policies"),
    ("holmes-processes-changed", "oversee cases more closely", "audit systems are stronger"),
    ("not always pursued with enough rigour", "30 September 2009", "ofsted_2010_lessons, p. 14"),
    ("significantly more referrals", "demands for placements", "pressure", "macleod_2010"),
    ("signposting", "below the threshold for statutory intervention", "macleod_2010"),
    ("cases like Baby Peter's", "other vulnerable children", "garboden_2010_laming"),
    ("reasonable amount of evidence", "changed and improved"),
    ("published literature is fairly limited", "perhaps no surprise", "martin-months-since-laming"),
    ("very probably been recorded in plans and procedures", "not published"),
    ("change of culture", "less tangible"),
    ("evaluation of local change is likely to be still in progress",),
    ("Many challenges remain",),
    ("next study", "martin-next-study-authorities", "inspections", "spring 2011"),
)  # fmt: skip
"""What the original's executive summary tells, in its order: words of ours that stand together in
one paragraph or item of the summary."""


def in_brief(text: str) -> str:
    return re.search(r"^::: \{\.finding-in-brief\}\n(.*?)^:::$", text, re.M | re.S)[1]  # type: ignore[index]


def in_full(text: str) -> str:
    return re.sub(r"^::: \{\.finding-in-brief\}\n.*?^:::$", "", text, flags=re.M | re.S)


def included(path: Path, form: object) -> str:
    """A chapter with its findings in one of their forms, without code cells and references."""

    def findings(found: re.Match[str]) -> str:
        return form((path.parent / found[1]).read_text("utf-8"))  # type: ignore[operator,no-any-return]

    text = path.read_text("utf-8")
    text = re.sub(r"^\{\{< include (\S+) >\}\}$", findings, text, flags=re.M)
    text = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    return text.split("\n::: {.content-visible", 1)[0]


def prose(text: str) -> str:
    """Without headings, citations and markup; a number counts as one word."""
    text = re.sub(r"^#.*$", "", text, flags=re.M)
    return MARKUP.sub("", CITATION.sub("", CODE.sub("half", text)))


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z][A-Za-z'’]*|\d[\d,.]*", text)


def syllables(word: str) -> int:
    """Groups of vowels, without the silent e of `care`, `cares`, `named` and `safeguard`."""
    word = re.sub(r"[^a-z]", "", word.lower())
    word = re.sub(r"(?<=[^aeiouy])e(?=(?:ments?|ful|fully|ly|less|ness)$|guard|work)", "", word)
    word = re.sub(r"(?<=[^aeiouyl])es?$|(?<=[^aeiouydt])ed$", "", word)
    return max(1, len(re.findall(r"[aeiouy]{1,2}", word)))


def reading_ease(text: str) -> float:
    """Flesch's measure: higher is easier, and 50 is what a newspaper of some length has."""
    sentences = [said for said in SENTENCE.split(text) if len(words(said)) > 2]
    said = [word for sentence in sentences for word in words(sentence)]
    spoken = sum(map(syllables, said))
    return 206.835 - 1.015 * len(said) / len(sentences) - 84.6 * spoken / len(said)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact[0])
def test_summary_keeps_what_the_original_tells(fact: tuple[str, ...]) -> None:
    """Each in one paragraph or item, with its source, its page and its caution."""
    parts = re.split(r"\n\s*\n|\n(?=- )", included(SUMMARY, in_brief))
    together = [" ".join(part.split()) for part in parts]
    assert any(all(needle in part for needle in fact) for part in together)


def test_summary_is_short() -> None:
    assert len(words(prose(included(SUMMARY, in_brief)))) <= MOST_WORDS


@pytest.mark.parametrize("path", sorted(CHAPTERS.glob("*.qmd")), ids=lambda path: path.stem)
def test_chapter_reads_easily(path: Path) -> None:
    """Sentences and words short enough for somebody who reads it once."""
    text = prose(included(path, in_brief if path == SUMMARY else in_full))
    if len(words(text)) > 100:
        assert reading_ease(text) >= LEAST.get(path.stem, 50.0)
