"""From what was found to an article, or to a refusal with its reason."""

from __future__ import annotations

import re

from ..language.identify import identify, language_of
from ..settings import Settings
from ..types import Article, Refusal, RefusalReason, digest
from .found import Found, NotRead

LANGUAGE_TAG = re.compile(r"(?P<code>[a-z]{2})(?:[-_][a-z0-9-_]+)?", re.IGNORECASE)
LINE_BREAKS = re.compile(r"\s*[\r\n]+\s*")
WORD = re.compile(r"\w")

# A page with less text than this is taken at its word about its language
FEW_CHARS = 200


class Registrar:
    """Gives each article or refusal of a run an id of its own, and turns what was found into either."""

    def __init__(self, settings: Settings, *, language: str | None) -> None:
        self.settings = settings
        self.language = None if language is None else code_of(language) or language
        self._taken: set[str] = set()

    def register(self, found: Found | NotRead) -> Article | Refusal:
        """The article of what was found, or why there is none."""
        if isinstance(found, NotRead):
            id = self._own_id(found.id or found.origin)
            return Refusal(id=id, reason=found.reason, message=found.message, origin=found.origin)
        id = self._own_id(found.id or found.url or found.origin)
        title = title_of(found)
        text = text_with_title(found, title)
        refusal = self._unfit(text)
        if refusal is None:
            language = self._language(found, text)
            if language in self.settings.languages:
                return article(found, id=id, title=title, text=text, language=language)
            refusal = self._other_language(text, language)
        return Refusal(id=id, reason=refusal[0], message=refusal[1], origin=found.origin)

    def _own_id(self, wanted: str) -> str:
        """The wanted id, made of valid characters, with a suffix where an earlier article has it."""
        return own_id(wanted, self._taken)

    def _unfit(self, text: str) -> tuple[RefusalReason, str] | None:
        """Why a text in whatever language is not read; None when it can be."""
        most = self.settings.max_article_chars
        if len(text) > most:
            return "too_long", f"it has {len(text)} characters; split it, or raise max_article_chars (now {most})"
        if WORD.search(text) is None:
            return "empty", "it holds no words; check that the file is the right one"
        if "\x00" in text:
            return "binary", "its text holds NUL characters; remove them"
        if not _is_valid(text):
            return "malformed", "its text holds half a character (a lone surrogate); export it again as UTF-8"
        return None

    def _language(self, found: Found, text: str) -> str | None:
        """The language asked for, else the input's, else the one identified; None for one not in the settings."""
        if self.language is not None:
            return self.language
        given = None if found.language is None else code_of(found.language)
        if given is not None and (not found.language_is_hint or len(text) < FEW_CHARS):
            return given
        return identify(text, among=self.settings.languages)

    def _other_language(self, text: str, language: str | None) -> tuple[RefusalReason, str]:
        read = ", ".join(sorted(self.settings.languages))
        code = language or language_of(text)
        found = "it is in no language that is known" if code is None else f"it is in the language '{code}'"
        return "other_language", f"{found}, and those read are: {read}; name its language if that is wrong"


def own_id(wanted: str, taken: set[str]) -> str:
    """The wanted id, made of valid characters, with a suffix where it is taken; it is taken from now on."""
    wanted = wanted.encode("utf-8", "replace").decode("utf-8")
    id, number = wanted, 1
    while id in taken:
        number += 1
        id = f"{wanted}-{number}"
    taken.add(id)
    return id


def code_of(tag: str) -> str | None:
    """ISO 639-1 code of a language tag ("fr-FR" → "fr"); None for anything else ("French", "fra")."""
    match = LANGUAGE_TAG.fullmatch(tag.strip())
    return None if match is None else match["code"].lower()


def title_of(found: Found) -> str | None:
    """The title on one line; None when there is none."""
    return None if found.title is None else LINE_BREAKS.sub(" ", found.title.strip()) or None


def text_with_title(found: Found, title: str | None) -> str:
    """The base of every offset: the text as given, after its title and a blank line where it lacks it."""
    if title is None or found.as_it_stands or not found.text.strip():
        return found.text
    if found.text.lstrip().startswith((title, (found.title or title).strip())):
        return found.text
    return f"{title}\n\n{found.text}"


def article(found: Found, *, id: str, title: str | None, text: str, language: str) -> Article:
    """The article, complete."""
    return Article(
        id=id,
        text=text,
        language=language,
        sha256=digest(text),
        title=_valid(title),
        url=_valid(found.url),
        outlet=_valid(found.outlet),
        author=_valid(found.author),
        published=_valid(found.published),
        origin=_valid(found.origin),
    )


def _is_valid(text: str) -> bool:
    """Whether a text can be written as UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _valid(text: str | None) -> str | None:
    """A text that can be written as UTF-8: a file name of other bytes keeps its readable characters."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")
