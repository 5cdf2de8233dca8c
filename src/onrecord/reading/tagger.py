"""The learned reader: finds the cues of a text, then, for each, the roles around it.

One small recurrent encoder runs over the text; a head on it finds anchors (the main word of a cue, or the first token
of a quotation without cue); around each anchor every token in a window is given a role. The shape is that of semantic
role labelling (He et al. 2017, "Deep Semantic Role Labeling"). Weights and their card stand in `onrecord/models`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from ..language.pack import Pack
from ..types import Act, Draft, Kind
from .acts import act_of, asks, is_negated, likeliest_act
from .addressees import with_object_apart
from .circumstances import with_circumstances
from .decode import Labelled, draft_of, parted, settle, uncoordinated
from .features import lexicon, states
from .forms import FormTable
from .marks import Quotation, find_quotations
from .passives import without_patient
from .sources import main_source, pronoun_beside
from .tokens import Tokens, numbered, stretches
from .viterbi import best_labels, costs_of
from .weights import Weights, read_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LEFT, RIGHT = 48, 80  # tokens of the window around an anchor: holds all roles of 98 in 100 statements of the gold
PIECE = 384  # tokens read at once; longer texts are cut between paragraphs, see docs/decisions/0002
BATCH_TOKENS = 4096  # padded tokens given to the network at once; bounds memory at about 30 MB
MODEL = "tagger"
FIGURES = 6  # that confidence is made of


class Piece(msgspec.Struct, frozen=True):
    """A stretch of whole paragraphs of one text."""

    text: int  # position of the text in the batch
    first: int  # token
    last: int  # token after the end


class WordTable(Protocol):
    """What is known of the words of a text before the tagger's own network sees them."""

    def rows(self, tokens: Tokens) -> Floats:
        """(n_tokens, width): a new array."""
        ...


def figures(anchor: Any, chances: Any, labels: Any) -> Any:
    """(anchors, FIGURES) what confidence is made of.

    The log odds of the anchor; the mean and the root of the sum of doubt over the content; whether there is a source;
    the log of the content's length; the doubt over the source.
    """
    import numpy as np

    best = np.take_along_axis(chances, labels[..., None], -1)[..., 0]
    content, source = labels == 1, labels == 3
    words = np.maximum(content.sum(1), 1)
    doubt = np.where(content, 1.0 - best, 0.0).sum(1)
    about = np.where(source, 1.0 - best, 0.0).sum(1) / np.maximum(source.sum(1), 1)
    odds = np.log(np.clip(anchor, 1e-4, 1.0) / np.clip(1.0 - anchor, 1e-4, 1.0))
    return np.stack([odds, doubt / words, np.sqrt(doubt), source.any(1), np.log(words), about], axis=1)


def _by_pack(draft: Draft, found: Labelled, tokens: Tokens, pack: Pack) -> Draft:
    """The draft with act, negation, source and addressee put right by the words of the pack."""
    known = act_of(tokens, draft.cue, pack)
    act = "question" if asks(tokens, draft.content, known, pack) else likeliest_act(found.acts, known)
    negated = draft.negated or is_negated(tokens, draft.cue, pack)
    source = main_source(tokens, draft.source, pack) or pronoun_beside(tokens, draft.cue, pack)
    act = act if draft.kind == "speech" else "assert"
    whole = msgspec.structs.replace(draft, act=act, negated=negated, source=source)
    return with_circumstances(with_object_apart(without_patient(whole, tokens, pack), tokens, pack), tokens, pack)


class Inputs(msgspec.Struct, frozen=True):
    """What is computed of a text before the network sees it, one entry a token."""

    x: Any  # (n_tokens, width) of 32-bit floats, before the first non-linearity
    sentences: list[int]
    costs: Any  # (n_tokens,) of 32-bit floats


class Tagger:
    """The learned reader. Not for use by several threads at once."""

    name = "tagger"

    def __init__(self, found: Weights, words: WordTable) -> None:
        self.weights = found.digest
        self._encoder = found.graphs[0]
        self._roles = found.graphs[1]
        self._words = words
        self._heads = found.arrays
        self._lexicons: dict[str, dict[str, int]] = {}  # by the digest of a pack
        self._acts: list[Act] = found.card["acts"]
        self._kinds: list[Kind] = found.card["kinds"]
        self._threshold: float = found.card["threshold"]

    def read_many(self, batch: Sequence[tuple[Tokens, Pack]]) -> list[list[Draft]]:
        """The drafts of each text, by the start of their content."""
        quotations = [find_quotations(tokens, pack) for tokens, pack in batch]
        inputs = [self._inputs(tokens, pack, marks) for (tokens, pack), marks in zip(batch, quotations, strict=True)]
        found: list[list[Draft]] = [[] for _ in batch]
        for pieces in _batches([tokens for tokens, _ in batch]):
            for text, labelled in self._read_pieces(pieces, inputs):
                draft = draft_of(batch[text][0], quotations[text], labelled)
                if draft is not None:
                    own = _by_pack(draft, labelled, *batch[text])
                    found[text].extend(parted(batch[text][0], quotations[text], own))
        return [
            settle(uncoordinated(tokens, drafts, pack)) for drafts, (tokens, pack) in zip(found, batch, strict=True)
        ]

    def _inputs(self, tokens: Tokens, pack: Pack, quotations: Sequence[Quotation]) -> Inputs:
        import numpy as np

        state = np.array(states(tokens, quotations), dtype=np.int64)
        if pack.digest not in self._lexicons:
            self._lexicons[pack.digest] = lexicon(pack)
        known = self._lexicons[pack.digest]
        part = np.array([known.get(form, 0) for form in tokens.forms], dtype=np.int64)
        x = self._words.rows(tokens) + self._heads["state"][state] + self._heads["part"][part]
        return Inputs(np.asarray(x, dtype=np.float32), numbered(tokens.sentences), costs_of(tokens.words))

    def _read_pieces(self, pieces: Sequence[Piece], inputs: Sequence[Inputs]) -> Iterator[tuple[int, Labelled]]:
        """What is found in pieces of about equal length, with the text it belongs to."""
        import numpy as np

        x, lengths, numbers, costs = _stacked(pieces, inputs)
        hidden, anchors, tokens_side, anchor_side = self._encoder.run(None, {"x": x, "lengths": lengths})
        chance = softmax(anchors)
        inside = np.arange(x.shape[1])[None] < lengths[:, None]
        rows, at = np.nonzero((1.0 - chance[..., 0] > self._threshold) & inside)
        if not len(rows):
            return
        cueless = chance[rows, at, 2] > chance[rows, at, 1]
        window = at[:, None] + np.arange(-LEFT, RIGHT + 1)[None]
        valid = (window >= 0) & (window < lengths[rows][:, None])
        window = np.clip(window, 0, x.shape[1] - 1)
        distance = np.clip(numbers[rows[:, None], window] - numbers[rows, at][:, None], -3, 3) + 3
        z = tokens_side[rows[:, None], window] + anchor_side[rows, at][:, None] + self._heads["rel"][None]
        z += self._heads["seg"][distance] + self._heads["anchor_kind"][1 + cueless.astype(np.int64)][:, None]
        chances = softmax(self._roles.run(None, {"z": z, "valid": valid.astype(np.float32)})[0])
        # outside the piece every label is as likely as every other, so that the edge draws no label to itself
        logs = np.where(valid[..., None], np.log(np.maximum(chances, 1e-9)), 0.0)
        labels = best_labels(logs, costs[rows[:, None], window]) * valid
        kinds, acts, negated = self._attributes(hidden[rows, at], hidden[rows[:, None], window], labels)
        certainty = self._confidence(1.0 - chance[rows, at, 0], chances, labels)
        for n, row in enumerate(rows.tolist()):
            start, first, stop = int(at[n]) - LEFT, max(0, LEFT - int(at[n])), LEFT + int(lengths[row] - at[n])
            yield (
                pieces[row].text,
                Labelled(
                    anchor=pieces[row].first + int(at[n]),
                    first=pieces[row].first + start + first,
                    labels=labels[n, first:stop].tolist(),
                    kind=self._kinds[kinds[n]],
                    acts=dict(zip(self._acts, acts[n].tolist(), strict=True)),
                    negated=bool(negated[n]),
                    confidence=float(certainty[n]),
                    cueless=bool(cueless[n]),
                ),
            )

    def _attributes(self, own: Floats, around: Floats, labels: Any) -> tuple[Any, Any, Any]:
        """Kind of each anchor as a position in their list, (anchors, acts) log chances, and whether it is negated.

        `own` is (anchors, width), `around` (anchors, window, width), `labels` (anchors, window).
        """
        import numpy as np

        def mean(role: int) -> Floats:
            mask = (labels == role).astype(np.float32)
            total = np.einsum("nw,nwd->nd", mask, around)
            return np.asarray(total / np.maximum(mask.sum(1), 1)[:, None], dtype=np.float32)

        z = np.concatenate([own, mean(1), mean(2)], axis=1)
        z = np.maximum(z @ self._heads["attributes.w"].T + self._heads["attributes.b"], 0)
        kind, act, negated = (
            softmax(z @ self._heads[f"{name}.w"].T + self._heads[f"{name}.b"]) for name in ("kind", "act", "negated")
        )
        return kind.argmax(1), np.log(np.maximum(act, 1e-6)), negated.argmax(1)

    def _confidence(self, anchor: Any, chances: Any, labels: Any) -> Any:
        """(anchors,) calibrated chances that content and speaker are right: a logistic model of the network's figures.

        Fitted on articles that the network has not learnt from; the card has the reliability table.
        """
        import numpy as np

        z = figures(anchor, chances, labels) @ self._heads["confidence.w"] + self._heads["confidence.b"]
        return 1.0 / (1.0 + np.exp(-z))


def _stacked(pieces: Sequence[Piece], inputs: Sequence[Inputs]) -> tuple[Floats, Any, Any, Any]:
    """Pieces padded to one length: (n_pieces, longest, width), lengths, sentences, and costs of changing a label."""
    import numpy as np

    lengths = np.array([piece.last - piece.first for piece in pieces], dtype=np.int32)
    x = np.zeros((len(pieces), int(lengths.max()), inputs[pieces[0].text].x.shape[1]), dtype=np.float32)
    numbers = np.zeros(x.shape[:2], dtype=np.int64)
    costs = np.zeros(x.shape[:2], dtype=np.float32)
    for row, piece in enumerate(pieces):
        text = inputs[piece.text]
        x[row, : lengths[row]] = text.x[piece.first : piece.last]
        numbers[row, : lengths[row]] = text.sentences[piece.first : piece.last]
        costs[row, : lengths[row]] = text.costs[piece.first : piece.last]
    return x, lengths, numbers, costs


def softmax(logits: Any) -> Any:
    """Over the last axis."""
    import numpy as np

    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)


def _batches(texts: Sequence[Tokens]) -> Iterator[list[Piece]]:
    """All pieces of all texts, those of like length together, so that little is padding."""
    pieces = [Piece(n, *stretch) for n, tokens in enumerate(texts) for stretch in stretches(tokens, PIECE)]
    pieces.sort(key=lambda piece: (piece.last - piece.first, piece.text, piece.first))
    batch: list[Piece] = []
    for piece in pieces:
        if batch and (len(batch) + 1) * (piece.last - piece.first) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(piece)
    if batch:
        yield batch


def load(folder: Path | None = None, *, scheme: str = "onrecord", kind: type[Tagger] = Tagger) -> Tagger:
    """The tagger from its folder of weights, by default the one in the package.

    Where the card of a folder names a pretrained encoder, the words are read with it, which needs
    `onrecord[transformers]`. Raises ReaderError where a file is missing, damaged, or not of this version's form.
    """
    place = files("onrecord") / "models" / MODEL if folder is None else folder
    encoder = "encoder.onnx" if scheme == "onrecord" else f"encoder-{scheme}.onnx"
    found = read_weights(place, arrays="weights.npz", graphs=(encoder, "roles.onnx"))
    if "pretrained" not in found.card:
        return kind(found, FormTable(found.arrays))
    from .pretrained import PretrainedWords

    return kind(found, PretrainedWords(Path(str(place)) / found.card["pretrained"]))
