"""Subjects of passives, which are told or accused and say nothing: "Roy was told that", "le maire est accusé de"."""

from __future__ import annotations

import msgspec

from ..language.pack import ObjectVerb, Pack
from ..types import Draft
from .tokens import Tokens


def without_patient(draft: Draft, tokens: Tokens, pack: Pack) -> Draft:
    """The draft of a passive without its subject as source; with it as addressee where the verb has one.

    Only of verbs whose object the pack knows. In the gold's train files and the project's articles the source stands
    before such a passive in 2 of 121 cases, both of attitudes ("est convaincu").
    """
    verb = _passive(draft, tokens, pack)
    before = tuple(span for span in draft.source if draft.cue and span.start < draft.cue[0].start)
    if verb is None or not before or draft.kind == "attitude":
        return draft
    addressee = draft.addressee or (before if verb.role == "addressee" else ())
    source = tuple(span for span in draft.source if span not in before)
    return msgspec.structs.replace(draft, source=source, addressee=addressee)


def _passive(draft: Draft, tokens: Tokens, pack: Pack) -> ObjectVerb | None:
    """What the object of the cue's verb is, where an auxiliary of the passive leads it."""
    words = [i for span in draft.cue for i in range(*tokens.range_of(span))]
    verb = next((i for i in reversed(words) if tokens.forms[i] in pack.cue_verbs), None)
    if verb is None:
        return None
    leads = [i for i in words if i < verb and tokens.forms[i] in pack.auxiliaries]
    endings = pack.passive_auxiliaries.get(tokens.forms[leads[-1]]) if leads else None
    if endings is None or (endings and tokens.forms[verb].endswith(endings)):
        return None
    if any(p.role == "object" for i in words if i < leads[-1] for p in pack.pronouns.get(tokens.forms[i], ())):
        return None  # "s'est engagé"
    verbs = pack.cue_verbs[tokens.forms[verb]]
    return next((pack.object_verbs[one.lemma] for one in verbs if one.lemma in pack.object_verbs), None)
