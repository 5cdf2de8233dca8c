"""schema.org (JSON-LD): quotations and claims, for search engines and for the ClaimReview of fact-checkers.

What stands between quotation marks is a `Quotation` with `spokenByCharacter`, as schema.org asks; paraphrase is no
quotation, and becomes a `Claim` with `appearance` in the article. Attitudes, which nobody has claimed, are left out.
Who speaks is a Person or Organization; nothing is told of a gender that the article does not show.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..types import Article, Record, Speaker, Statement, covered, words_of
from .webannotation import source_of

CONTEXT = {"@vocab": "https://schema.org/"}
TYPES = {"person": "Person", "organisation": "Organization", "country": "Country", "group": "Organization"}
GENDERS = {"feminine": "https://schema.org/Female", "masculine": "https://schema.org/Male"}


def graph(records: Iterable[Record]) -> Iterator[str]:
    """One JSON-LD graph in pieces: each article, and its quotations and claims."""
    yield json.dumps({"@context": CONTEXT})[:-1] + ', "@graph": ['
    number = 0
    for record in records:
        told = [article_of(record.article)]
        told += [thing_of(record.article, s) for s in record.statements if s.kind == "speech"]
        for one in told:
            yield (",\n" if number else "\n") + json.dumps(one, ensure_ascii=False)
            number += 1
    yield "\n]}\n"


def article_of(article: Article) -> dict[str, Any]:
    """The article."""
    told: dict[str, Any] = {
        "@type": "NewsArticle", "@id": source_of(article), "headline": article.title, "url": article.url,
        "datePublished": article.published, "inLanguage": article.language,
        "publisher": article.outlet and {"@type": "Organization", "name": article.outlet},
        "author": article.author and {"@type": "Person", "name": article.author},
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


def thing_of(article: Article, statement: Statement) -> dict[str, Any]:
    """A Quotation for what is quoted, wholly or in part; a Claim for paraphrase."""
    quoted = statement.type != "indirect"
    told: dict[str, Any] = {
        "@type": "Quotation" if quoted else "Claim",
        "@id": f"urn:onrecord:statement:{statement.id}",
        "text": words_of(article, statement.content),
        "inLanguage": article.language,
        "isPartOf" if quoted else "appearance": {"@id": source_of(article)},
    }
    who = _who(article, statement.speaker) if isinstance(statement.speaker, Speaker) else None
    if who is not None:
        told["spokenByCharacter" if quoted else "author"] = who
    return told


def _who(article: Article, speaker: Speaker) -> dict[str, Any] | None:
    """Person or organisation; None for a document, which cannot speak there, and for those without a name."""
    if speaker.type not in TYPES:
        return None
    told: dict[str, Any] = {"@type": TYPES[speaker.type], "name": speaker.name}
    if speaker.type == "person":
        if speaker.office is not None:
            told["jobTitle"] = covered(article, speaker.office)
        if speaker.affiliation is not None:
            told["affiliation"] = {"@type": "Organization", "name": covered(article, speaker.affiliation)}
        if speaker.gender is not None:
            told["gender"] = {"@id": GENDERS[speaker.gender]}
    if speaker.identity is not None:
        told["identifier"] = speaker.identity.id
        if speaker.identity.wikidata:
            told["sameAs"] = {"@id": f"http://www.wikidata.org/entity/{speaker.identity.wikidata}"}
    return told
