"""A source of chance -> sentences in ordinary words, without numbers, hedges or names.

The words are ones that the British dictionary knows and no rule of the checks looks for, so that
whatever is made of them is clean.
"""

from __future__ import annotations

from random import Random

TOPICS = (
    "adoption", "advice", "advocacy", "assessment", "attendance", "audit", "behaviour", "budgets",
    "care", "commissioning", "complaints", "consent", "courts", "debt", "diet", "disability",
    "drugs", "education", "employment", "equality", "exercise", "families", "finance", "fostering",
    "gardens", "governance", "guidance", "health", "housing", "hygiene", "inclusion", "inspection",
    "justice", "kinship", "language", "learning", "leisure", "libraries", "literacy", "mediation",
    "mentoring", "migration", "music", "nurseries", "nursing", "nutrition", "outreach", "parenting",
    "permanence", "planning", "play", "policing", "poverty", "privacy", "probation", "prevention",
    "records", "recruitment", "rehabilitation", "research", "respite", "retention", "safety",
    "schools", "sleep", "speech", "sport", "supervision", "technology", "transition", "transport",
    "tutoring", "volunteering", "welfare", "youth",
)  # fmt: skip
"""Of any two a chapter may treat."""

PEOPLE = (
    "advisers", "carers", "doctors", "governors", "inspectors", "leaders", "managers", "midwives",
    "nurses", "officers", "parents", "practitioners", "researchers", "teachers", "trainees",
    "tutors", "visitors", "volunteers", "wardens", "workers",
)  # fmt: skip

_THINGS = (
    "account", "action", "agreement", "answer", "approach", "argument", "arrangement", "balance",
    "barrier", "boundary", "building", "burden", "calendar", "campaign", "case", "cause", "centre",
    "challenge", "change", "choice", "circle", "clinic", "combination", "comment", "commitment",
    "community", "comparison", "concern", "condition", "conference", "consequence", "contact",
    "context", "contract", "contribution", "conversation", "council", "course", "culture", "debate",
    "decision", "delay", "demand", "department", "design", "detail", "difference", "difficulty",
    "direction", "discussion", "district", "document", "duty", "effect", "effort", "environment",
    "event", "evidence", "example", "exchange", "expectation", "experience", "explanation",
    "facility", "factor", "feature", "feeling", "field", "focus", "force", "forum", "framework",
    "function", "gap", "goal", "group", "habit", "history", "hospital", "household", "idea",
    "impact", "improvement", "influence", "information", "initiative", "institution", "interest",
    "interview", "investment", "issue", "journey", "judgement", "knowledge", "landscape", "lesson",
    "limit", "link", "market", "material", "meeting", "memory", "message", "method", "mixture",
    "model", "moment", "mood", "movement", "need", "neighbourhood", "network", "notice",
    "objection", "observation", "opinion", "opportunity", "order", "organisation", "outcome",
    "pattern", "performance", "perspective", "picture", "place", "pledge", "policy", "position",
    "practice", "presence", "pressure", "principle", "problem", "procedure", "process", "programme",
    "progress", "project", "promise", "proposal", "provision", "purpose", "quality", "question",
    "reaction", "reason", "reform", "region", "relationship", "remark", "report", "request",
    "resource", "response", "responsibility", "result", "review", "reward", "risk", "role",
    "routine", "rule", "scheme", "scope", "service", "session", "shift", "situation", "skill",
    "society", "solution", "source", "staffing", "standard", "story", "strategy", "strength",
    "structure", "study", "subject", "success", "support", "survey", "system", "target", "task",
    "team", "tension", "theory", "threat", "topic", "tradition", "training", "trend", "trust",
    "understanding", "value", "variety", "view", "vision", "voice", "weakness", "wish", "workload",
    "workplace", "workshop",
)  # fmt: skip
_QUALITIES = (
    "active", "annual", "available", "basic", "brief", "broad", "calm", "careful", "central",
    "clear", "close", "common", "complex", "constant", "contrary", "convincing", "creative",
    "critical", "current", "daily", "deep", "direct", "distant", "early", "effective", "familiar",
    "fair", "firm", "flexible", "formal", "fresh", "friendly", "full", "further", "general",
    "gentle", "genuine", "gradual", "growing", "happy", "helpful", "honest", "important",
    "independent", "informal", "initial", "joint", "lasting", "late", "lively", "local", "long",
    "modest", "narrow", "natural", "new", "normal", "old", "open", "ordinary", "original",
    "particular", "patient", "personal", "plain", "popular", "positive", "practical", "private",
    "promising", "proper", "public", "quick", "quiet", "rapid", "rare", "ready", "reasonable",
    "recent", "regional", "regular", "relevant", "reliable", "rich", "rural", "sensible",
    "separate", "serious", "sharp", "short", "simple", "slow", "social", "special", "specific",
    "stable", "steady", "strong", "sudden", "suitable", "thoughtful", "timely", "typical",
    "urban", "urgent", "useful", "usual", "valuable", "visible", "warm", "wide", "willing", "wise",
    "young",
)  # fmt: skip
_DOES = (
    "addresses", "affects", "answers", "attracts", "balances", "brings", "builds", "carries",
    "challenges", "changes", "clarifies", "combines", "confirms", "connects", "creates", "defines",
    "delays", "describes", "develops", "divides", "encourages", "examines", "explains", "extends",
    "follows", "forms", "guides", "helps", "highlights", "improves", "includes", "informs",
    "involves", "joins", "leads", "limits", "maintains", "meets", "moves", "needs", "offers",
    "opens", "organises", "prepares", "presents", "prevents", "produces", "promotes", "protects",
    "provides", "questions", "reaches", "reflects", "reinforces", "replaces", "requires",
    "resists", "respects", "restores", "reveals", "serves", "shapes", "shares", "shows", "slows",
    "softens", "solves", "strengthens", "supports", "surrounds", "sustains", "tests", "touches",
    "transforms", "unites", "values", "welcomes", "widens",
)  # fmt: skip
_WHERE = (
    "across the region", "after careful thought", "at a local level", "before any decision",
    "behind closed doors", "beyond the classroom", "during the review", "for good reason",
    "from the outset", "in everyday work", "in many places", "in plain language", "in practice",
    "in rural areas", "in that respect", "in the long run", "on the ground", "on the whole",
    "outside the office", "through shared effort", "throughout the year", "under close attention",
    "with great care", "with little warning", "within the service", "without delay",
)  # fmt: skip
_JOINTS = (
    ", and the {} {} the {} {}", ", while the {} {} the {} {}", ", because the {} {} the {} {}",
    ", so that the {} {} the {} {}", ", although the {} {} the {} {}",
    ", where the {} {} the {} {}",
)  # fmt: skip


class Writer:
    """Writes sentences of one chapter, always the same ones from the same chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.last: tuple[str, ...] = ()

    def phrase(self) -> str:
        """`the careful arrangement`."""
        return f"the {self.pick(_QUALITIES)} {self.pick(_THINGS)}"

    def clause(self) -> str:
        """What can follow `found that`, without its full stop."""
        said = f"{self.phrase()} {self.pick(_DOES)} {self.phrase()}"
        if self.chance.random() < 0.4:
            said += f" of {self.pick(TOPICS)}"
        if self.chance.random() < 0.5:
            said += f" {self.pick(_WHERE)}"
        if self.chance.random() < 0.45:
            said += self.pick(_JOINTS).format(
                self.pick(_THINGS), self.pick(_DOES), self.pick(_QUALITIES), self.pick(_THINGS)
            )
        return said

    def sentence(self) -> str:
        """A whole sentence, ten to thirty words."""
        return capital(self.clause()) + "."

    def pick(self, words: tuple[str, ...]) -> str:
        """A word that was not among the last few, so that none stands twice in a row."""
        found = self.chance.choice(words)
        while found in self.last:
            found = self.chance.choice(words)
        self.last = (*self.last[-7:], found)
        return found


def capital(text: str) -> str:
    """A text as it begins a sentence."""
    return text[:1].upper() + text[1:]
