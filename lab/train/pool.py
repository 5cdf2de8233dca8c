"""What the teacher makes of texts: its states for every token, and statements for texts that nobody has annotated."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import torch

from lab.shared import shared_root, text_file
from onrecord.language.loader import load_pack
from onrecord.reading.decode import Labelled, draft_of, settle
from onrecord.reading.marks import find_quotations
from onrecord.reading.tagger import LEFT
from onrecord.types import ROLES, Draft

from .corpus import ACTS, CUELESS, KINDS, OURS, Example, example, pieces
from .heads import Heads
from .teacher import MOST_WORDS

CHANCE = 0.4  # of an anchor from which on the teacher's guess is learnt from
WEIGHT = 0.5  # of a guess beside a gold label
NOT_TO_LEARN_FROM = "NC"  # in the licence of a text: no weights that ship come from non-commercial texts
TREEBANKS = {  # sentences in the manner of the press; twenty in a row make a text
    "fr": ("UD_French-Sequoia", "UD_French-GSD", "UD_French-PUD"),
    "en": ("UD_English-EWT", "UD_English-PUD"),
}
MOST_SENTENCES = 4000  # of a treebank file: EWT is four times the others, and letters and reviews


def unannotated(known: set[str]) -> Iterator[Example]:
    """Raw articles whose licence allows it and treebank sentences, but for texts that begin as one in `known`."""
    for language in ("fr", "en"):
        path = text_file(language)
        for line in path.read_text(encoding="utf-8").splitlines() if path else []:
            text = json.loads(line)
            if text["text"][:200] not in known and NOT_TO_LEARN_FROM not in text["licence"]:
                yield example({"doc": text["id"], "text": text["text"], "statements": []}, language, weight=WEIGHT)
        for folder in TREEBANKS[language]:
            yield from _sentences(folder, language)


def _sentences(folder: str, language: str) -> Iterator[Example]:
    root = shared_root()
    for path in sorted((root / "treebanks" / folder).glob("*.conllu")) if root else []:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [line[9:].strip() for line in lines if line.startswith("# text = ")][:MOST_SENTENCES]
        for start in range(0, len(found), 20):
            text = "\n".join(found[start : start + 20])
            yield example({"doc": f"{path.stem}-{start}", "text": text, "statements": []}, language, weight=WEIGHT)


def guessed(examples: Sequence[Example], heads: Heads, states: Any) -> list[Example]:
    """The examples under our scheme with the statements that the teacher's heads find on its states."""
    starts = np.cumsum([0, *(len(e.tokens) for e in examples)])
    found = []
    heads.eval()
    for one, start in zip(examples, starts.tolist(), strict=False):
        document = one.document | {"statements": [_statement(draft) for draft in _drafts(one, heads, states, start)]}
        again = example(document, one.language, weight=WEIGHT)
        found.append(msgspec.structs.replace(again, states=start))
    return found


def _drafts(one: Example, heads: Heads, states: Any, start: int) -> list[Draft]:
    drafts: list[Draft] = []
    quotations = find_quotations(one.tokens, load_pack(one.language))
    for _, first, last in pieces(one, MOST_WORDS):
        rows = torch.from_numpy(states[start + first : start + last].astype(np.float32))[None]
        for labelled in _labelled(one, heads, rows, first):
            draft = draft_of(one.tokens, quotations, labelled)
            if draft is not None:
                drafts.append(draft)
    return settle(drafts)


def _labelled(one: Example, heads: Heads, rows: Any, first: int) -> Iterator[Labelled]:
    length = rows.shape[1]
    batch = {
        "sentences": torch.tensor([one.sentences[first : first + length]]),
        "lengths": torch.tensor([length]),
        "scheme": torch.tensor([OURS]),
    }
    with torch.no_grad():
        chance = heads.anchors(rows, batch["scheme"]).softmax(-1)[0]
        at = (1 - chance[:, 0] > CHANCE).nonzero()[:, 0]
        if not len(at):
            return
        classes = chance[at][:, 1:].argmax(-1) + 1
        nought = torch.zeros_like(at)
        logits, places, valid = heads.roles(rows, batch, nought, at, classes)
        labels = logits.argmax(-1) * valid
        kind, act, negated = (a.argmax(-1) for a in heads.attributes(rows, nought, at, places, labels))
    for n, token in enumerate(at.tolist()):
        left, right = max(0, LEFT - token), LEFT + length - token
        yield Labelled(
            anchor=first + token,
            first=first + token - LEFT + left,
            labels=labels[n, left:right].tolist(),
            kind=KINDS[int(kind[n])],
            act=ACTS[int(act[n])],
            negated=bool(negated[n]),
            confidence=1 - float(chance[token, 0]),
            cueless=int(classes[n]) == CUELESS,
        )


def _statement(draft: Draft) -> dict[str, Any]:
    spans = {role: [[span.start, span.end] for span in getattr(draft, role)] for role in ROLES}
    return spans | {"kind": draft.kind, "act": draft.act, "negated": draft.negated}
