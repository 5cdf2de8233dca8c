"""The vocabulary: what an article, a span, a statement, a speaker and a record are.

Everything here is frozen and complete when born. Offsets count Unicode code points of `Article.text`, end exclusive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec

SCHEMA_VERSION = 1  # of the JSON forms; raised when a field changes its meaning or goes

Act = Literal[
    "assert", "deny", "confirm", "announce", "promise", "warn",
    "demand", "propose", "question", "accuse", "praise", "decline",
]  # fmt: skip
Kind = Literal["speech", "attitude"]
StatementType = Literal["direct", "indirect", "mixed"]
SpeakerType = Literal["person", "organisation", "country", "group", "unnamed", "document"]
Gender = Literal["feminine", "masculine"]
UnknownReason = Literal[
    "ambiguous",  # two or more candidates fit equally well; `candidates` names them
    "not_stated",  # the text leaves it open for good: "on", a passive without agent
    "no_antecedent",  # a pronoun or a floating quotation that nothing before it explains
]
RefusalReason = Literal[
    "empty", "binary", "too_long", "other_language", "malformed", "unreadable", "unsupported", "not_fetched",
]  # fmt: skip
Role = Literal["content", "cue", "source", "addressee", "occasion", "when"]
ROLES: tuple[Role, ...] = ("content", "cue", "source", "addressee", "occasion", "when")


class Span(msgspec.Struct, frozen=True, order=True, array_like=True):
    """`[start, end)` in Unicode code points of `article.text`; never empty."""

    start: int
    end: int


class Reason(msgspec.Struct, frozen=True):
    """One step that led to a finding: which rule or model, and on what evidence."""

    rule: str  # the id of the rule or model, e.g. "cue_verb", "tagger"
    evidence: str  # what it rests on, in words a reader of the article understands
    span: Span | None = None  # where the evidence stands, when it stands in the article


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One text with what is known of it. `text` is the base of every offset and is never edited."""

    id: str
    text: str
    language: str  # ISO 639-1
    sha256: str  # of `text` in UTF-8, hexadecimal
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None  # ISO 8601 date or date and time, as the input gives it
    origin: str | None = None  # the file, or file and line, it came from


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """An input that was not read, and why. The rest of the run goes on."""

    id: str
    reason: RefusalReason
    message: str  # what is wrong and what to do about it
    origin: str | None = None


class Unknown(msgspec.Struct, frozen=True, tag="unknown", tag_field="known_as"):
    """A speaker that is not known, with the reason."""

    reason: UnknownReason
    candidates: tuple[str, ...] = ()  # names, when ambiguous


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """One person beyond the article: an entry of the list that the user brought."""

    id: str  # Wikidata's, else that of the list's source, else the name
    name: str  # as the list has it
    office: str | None = None  # as the list has it, held when the article was published
    country: str | None = None
    wikidata: str | None = None


class Speaker(msgspec.Struct, frozen=True, tag="speaker", tag_field="known_as"):
    """Whom the words of a source mean, by the fullest name that the article gives."""

    name: str
    type: SpeakerType
    named_at: Span | None = None  # where the fullest name stands
    office: Span | None = None  # "ministre de la Santé", as the article gives it
    affiliation: Span | None = None  # "Kremlin"
    gender: Gender | None = None  # from pronoun, title or agreement only; None without evidence
    anonymity: Span | None = None  # why or on what terms an unnamed source is not named, as the article says it
    mentions: tuple[Span, ...] = ()  # the chain: every mention of this speaker, in order
    identity: Identity | None = None  # who this is by the user's list; None without a list, and where it does not tell


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A statement as a reader finds it, before its speaker and its id are known."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    addressee: tuple[Span, ...] = ()
    occasion: tuple[Span, ...] = ()
    when: tuple[Span, ...] = ()
    type: StatementType = "indirect"
    kind: Kind = "speech"
    act: Act = "assert"
    negated: bool = False
    parent: int | None = None  # position, in the same list, of the statement in whose content this one stands
    confidence: float = 0.5
    reasons: tuple[Reason, ...] = ()


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """Content that the writer hands to somebody else's responsibility, with whose it is and how we know."""

    id: str
    content: tuple[Span, ...]  # several when interrupted; in the order of the text
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    speaker: Speaker | Unknown
    type: StatementType
    kind: Kind
    act: Act
    negated: bool
    parent: str | None  # id of the statement in whose content this one stands
    addressee: tuple[Span, ...]
    occasion: tuple[Span, ...]
    when: tuple[Span, ...]
    confidence: float  # share of statements with this figure whose content and speaker are right; two decimals
    reasons: tuple[Reason, ...]
    quoted_by: Speaker | None = None  # through whom the words came: "a dit Roy, cité par l'AFP"


class MadeBy(msgspec.Struct, frozen=True, kw_only=True):
    """What made a record: enough to make it again."""

    onrecord: str  # version of the code
    reader: str  # "tagger" or "rules"
    pack: str  # "fr@<first 12 hexadecimal digits of the SHA-256 of its files>"
    weights: str | None  # the same of the weights; None for the rule reader
    settings: str  # the same of the settings that bear on reading
    people: str | None = None  # the same of the list of people; None where none was used


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """An article with its statements and speakers, and what made it."""

    article: Article
    statements: tuple[Statement, ...]  # by the start of their content
    speakers: tuple[Speaker, ...]  # those quoted, by their first mention
    made_by: MadeBy
    schema_version: int = SCHEMA_VERSION

    def without_attitudes(self) -> Record:
        """The record with statements of kind speech alone; what was nested in an attitude then stands by itself."""
        kept = freed(statement for statement in self.statements if statement.kind == "speech")
        return msgspec.structs.replace(self, statements=kept, speakers=quoted(kept))


def freed(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Statements of which some were left out: what was nested in one of those stands by itself."""
    kept = tuple(statements)
    ids = {statement.id for statement in kept}
    return tuple(s if s.parent in ids else msgspec.structs.replace(s, parent=None) for s in kept)


def quoted(statements: Iterable[Statement]) -> tuple[Speaker, ...]:
    """The speakers of statements, each once, by their first mention."""
    speakers = {s.speaker for s in statements if isinstance(s.speaker, Speaker)}
    return tuple(sorted(speakers, key=lambda s: (s.mentions[0].start if s.mentions else 1 << 40, s.name)))


def digest(data: str | bytes) -> str:
    """SHA-256 in hexadecimal; text is hashed in UTF-8, lone surrogates included."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return hashlib.sha256(raw).hexdigest()


def covered(article: Article, span: Span) -> str:
    """The text of a span."""
    return article.text[span.start : span.end]


def words_of(article: Article, spans: Iterable[Span], *, joiner: str = " … ") -> str:
    """The text of several spans, interruptions shown by `joiner`."""
    return joiner.join(covered(article, span) for span in spans)


def statement_id(sha256: str, draft: Draft | Statement) -> str:
    """Stable id of a statement: the same article text and the same spans give the same id, on any machine.

    16 hexadecimal digits of the SHA-256 over the article's hash and the spans of content, cue and source.
    """
    roles = (draft.content, draft.cue, draft.source)
    told = (",".join(f"{span.start}-{span.end}" for span in spans) for spans in roles)
    return digest("|".join((sha256, *told)))[:16]
