"""Whom a demand is addressed to, parted from what is demanded: "a prié | les parties | de produire leurs comptes"."""

from __future__ import annotations

import msgspec

from ..language.pack import Pack
from ..types import Draft, Span
from .phrases import begins_infinitive
from .tokens import Tokens

MOST_WORDS = 12  # of an addressee; a longer stretch before an infinitive is a clause of its own


def with_addressee(draft: Draft, tokens: Tokens, pack: Pack) -> Draft:
    """The draft with its addressee apart where its content begins with one; else the draft as it is.

    Only in demands: "a annoncé le projet de fermer l'usine" is addressed to nobody.
    """
    if draft.act != "demand" or draft.addressee or draft.type == "direct":
        return draft
    first, stop = tokens.range_of(draft.content[0])
    if tokens.forms[first] in pack.complementisers or begins_infinitive(tokens, pack, first, stop - 1):
        return draft
    for i in range(first + 1, min(first + MOST_WORDS, stop)):
        if not tokens.words[i][0].isalnum():
            return draft
        if begins_infinitive(tokens, pack, i, stop - 1):
            content = (Span(tokens.starts[i], draft.content[0].end), *draft.content[1:])
            return msgspec.structs.replace(draft, content=content, addressee=(tokens.span(first, i - 1),))
    return draft
