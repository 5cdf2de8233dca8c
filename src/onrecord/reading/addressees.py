"""Objects parted from contents: whom a statement is addressed to or about, where the label took them for its words.

"a prié | les parties | de produire leurs comptes", "told | reporters | that she would", "accuse | Paris | de mentir".
"""

from __future__ import annotations

import msgspec

from ..language.pack import ObjectVerb, Pack
from ..types import Draft, Span
from .phrases import begins_infinitive
from .tokens import Tokens

MOST_WORDS = 15  # of an object; a longer stretch before a clause is a clause of its own
ENDS = frozenset(",;:.!?…")  # signs that no object goes over
ADDRESSEE = ObjectVerb(role="addressee", links=frozenset())


def with_object_apart(draft: Draft, tokens: Tokens, pack: Pack) -> Draft:
    """The draft without the object that its content begins with; with it as addressee where it is one.

    Only after verbs whose object the pack knows, and after a preposition of addressees: "a annoncé le projet de
    fermer l'usine" is addressed to nobody.
    """
    if draft.type == "direct" or not draft.cue or draft.cue[0].start > draft.content[0].start:
        return draft
    first, stop = tokens.range_of(draft.content[0])
    if tokens.forms[first] in pack.complementisers or begins_infinitive(tokens, pack, first, stop - 1):
        return draft
    verb = _object_verb(draft, tokens, pack, first)
    cut = None if verb is None else _clause_start(tokens, pack, first, stop, verb)
    if verb is None or cut is None:
        return draft
    content = (Span(tokens.starts[cut], draft.content[0].end), *draft.content[1:])
    addressee = draft.addressee
    beside = _beside(draft, tokens, first)
    if beside is not None:
        whole = Span(beside.start, tokens.ends[cut - 1])
        addressee = tuple(whole if span == beside else span for span in addressee)
    elif verb.role == "addressee" and not addressee:
        addressee = (tokens.span(first, cut - 1),)
    return msgspec.structs.replace(draft, content=content, addressee=addressee)


def _object_verb(draft: Draft, tokens: Tokens, pack: Pack, first: int) -> ObjectVerb | None:
    for span in draft.cue:
        for i in range(*tokens.range_of(span)):
            for verb in pack.cue_verbs.get(tokens.forms[i], ()):
                if verb.lemma in pack.object_verbs:
                    return pack.object_verbs[verb.lemma]
    goes_on = tokens.forms[first] in pack.addressee_prepositions or _beside(draft, tokens, first) is not None
    return ADDRESSEE if goes_on else None


def _beside(draft: Draft, tokens: Tokens, first: int) -> Span | None:
    """The addressee that ends just before a content: "au Conseil | de sécurité d'agir"."""
    return next((span for span in draft.addressee if tokens.range_of(span)[1] == first), None)


def _clause_start(tokens: Tokens, pack: Pack, first: int, stop: int, verb: ObjectVerb) -> int | None:
    """The token that the content begins with behind its object.

    An object holds no verb of its own, "told reporters | the road was | to be shut", and no marks are cut in two:
    "calling it "a plan | to win"".
    """
    signs = {sign for pair in pack.pairs for sign in pair}
    ends = ENDS - {","} if tokens.forms[first] in pack.addressee_prepositions else ENDS  # "aux forces russes, turques"
    link, inside = None, tokens.words[first] in signs
    for i in range(first + 1, min(first + MOST_WORDS, stop)):
        if tokens.words[i] in ends or tokens.forms[i] in pack.auxiliaries:
            break
        inside ^= tokens.words[i] in signs
        if inside:
            continue
        if begins_infinitive(tokens, pack, i, stop - 1):
            return i
        if verb.role == "addressee" and tokens.forms[i] in pack.complementisers:
            return i
        if link is None and i + 1 < stop and tokens.forms[i] in verb.links:
            link = i if tokens.forms[i + 1] not in pack.determiners else None
    return link
