"""Texts with statements told by their words, for tests of whom they mean."""

from __future__ import annotations

from onrecord.language.loader import load_pack
from onrecord.reading.speakers import Resolver
from onrecord.reading.tokens import tokenise
from onrecord.types import Draft, Reason, Span, Speaker


def spans(text: str, words: str, after: int = 0) -> tuple[Span, ...]:
    """Where words stand first, from an offset on."""
    at = text.index(words, after)
    return (Span(at, at + len(words)),)


def resolver(text: str, language: str, *told: tuple[str, str, str]) -> Resolver:
    """A text with drafts: content, cue and source, each by its words; empty for none."""
    drafts = []
    for content, cue, source in told:
        drafts.append(
            Draft(
                content=spans(text, content),
                cue=spans(text, cue) if cue else (),
                source=spans(text, source) if source else (),
                reasons=(Reason("hand", ""),),
            )
        )
    pack = load_pack(language)
    return Resolver(tokenise(text, pack), drafts, pack)


def named(one: Resolver) -> list[str]:
    """The names of the speakers, or why they are unknown."""
    return [s.name if isinstance(s, Speaker) else s.reason for s, _ in one.run()]


def drafts_of(text: str, *told: tuple[str, str, str]) -> list[Draft]:
    """Drafts by the words of content, cue and source."""
    return [Draft(content=spans(text, c), cue=spans(text, q), source=spans(text, s)) for c, q, s in told]
