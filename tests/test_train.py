"""Training from end to end at a tiny size: what is trained is what is saved, and what is saved is what reads.

`./run test-train` runs these in the environment that has torch and transformers; elsewhere they are skipped.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from onrecord.desk import Desk
from onrecord.errors import ReaderError
from onrecord.language.loader import load_pack
from onrecord.reading.tagger import Tagger, load
from onrecord.reading.tokens import tokenise
from onrecord.settings import Settings

torch = pytest.importorskip("torch", reason="training needs torch: ./run test-train")
np = pytest.importorskip("numpy")
pytestmark = pytest.mark.train

TEXT = "Le pont reste fermé\n\nLa maire, Ana Roy, a déclaré que le pont rouvrirait. « Pas avant juin », a-t-elle dit.\n"


def written(tmp_path: Path) -> list[Any]:
    """Three annotated articles, made of one."""
    from lab.train import corpus

    def spans(*words: str) -> list[list[int]]:
        return [[TEXT.index(part), TEXT.index(part) + len(part)] for part in words]

    base = {"kind": "speech", "act": "assert", "negated": False, "addressee": [], "occasion": [], "when": []}
    statements = [
        base | {"content": spans("que le pont rouvrirait"), "cue": spans("a déclaré"), "source": spans("La maire")},
        base | {"content": spans("« Pas avant juin »"), "cue": spans("a-t-elle dit"), "source": spans("-elle")},
    ]
    document = {"doc": "pont", "text": TEXT, "entities": {}, "statements": statements}
    return [corpus.example(document | {"doc": f"pont-{n}"}, "fr") for n in range(3)]


def tiny_student() -> tuple[Any, Any]:
    from lab.train import student

    torch.manual_seed(0)
    words = sorted({word.lower() for word in tokenise(TEXT, load_pack("fr")).words if word[0].isalpha()})
    vocabulary = student.Vocabulary(words, np.random.RandomState(0).randn(len(words), 12).astype(np.float16))
    settings = student.StudentSettings(width=16, hidden=(8, 8), epochs=2, batch=2)
    return student.Student(vocabulary.vectors, settings).eval(), vocabulary


def test_both_ways_of_a_layer_give_what_a_packed_sequence_gives() -> None:
    from lab.train.recurrent import both_ways

    torch.manual_seed(0)
    layer = torch.nn.LSTM(6, 5, batch_first=True, bidirectional=True)
    x, lengths = torch.randn(3, 7, 6, requires_grad=True), torch.tensor([4, 7, 1])
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    wanted, _ = torch.nn.utils.rnn.pad_packed_sequence(layer(packed)[0], batch_first=True)
    found = both_ways(layer, x, lengths)
    assert torch.allclose(found, wanted, atol=1e-6)
    slopes = [torch.autograd.grad((one**2).sum(), [x, *layer.parameters()]) for one in (wanted, found)]
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(*slopes, strict=True))


def test_the_runtime_computes_what_was_trained(tmp_path: Path) -> None:
    from lab.train import export, student

    one, vocabulary = tiny_student()
    export.save(one, vocabulary, tmp_path, {"name": "tagger"})
    (example, *_) = written(tmp_path)
    batch = student.Features(vocabulary).batch_of([(example, 0, len(example.tokens))])
    with torch.no_grad():
        wanted = one.heads.anchors(one.encoder(batch), batch["scheme"])[0].numpy()
    reader = load(tmp_path)
    from onrecord.reading.marks import find_quotations

    pack = load_pack("fr")
    found = reader._inputs(example.tokens, pack, find_quotations(example.tokens, pack))
    lengths = np.array([len(example.tokens)], np.int32)
    got = reader._encoder.run(["anchors"], {"x": found.x[None], "lengths": lengths})[0][0]
    assert np.abs(got - wanted).max() < 0.02  # word vectors ship in 8 bits, hashed tables in 16


def test_a_student_trains_and_its_weights_read(tmp_path: Path) -> None:
    from lab.train import export, student

    _, vocabulary = tiny_student()
    settings = student.StudentSettings(width=16, hidden=(8, 8), epochs=2, batch=2)
    learnt = student.train(written(tmp_path), None, vocabulary, settings, seed=0)
    export.save(learnt.eval(), vocabulary, tmp_path, {"name": "tagger"})
    record = Desk(Settings(reader=str(tmp_path))).read_text(TEXT, language="fr")
    assert record.made_by.weights == load(tmp_path).weights


def test_saved_weights_come_back_as_a_student_that_answers_the_same(tmp_path: Path) -> None:
    from lab.train import export, restore, student

    one, vocabulary = tiny_student()
    export.save(one, vocabulary, tmp_path, {"name": "tagger"})
    settings = student.StudentSettings(width=16, hidden=(8, 8), epochs=2, batch=2)
    again = restore.restore(tmp_path, vocabulary, settings).eval()
    (example, *_) = written(tmp_path)
    batch = student.Features(vocabulary).batch_of([(example, 0, len(example.tokens))])
    for scheme in (0, 1):
        batch["scheme"] = torch.full_like(batch["scheme"], scheme)
        with torch.no_grad():
            wanted, got = (net.heads.anchors(net.encoder(batch), batch["scheme"]) for net in (one, again))
        assert float((wanted - got).abs().max()) < 0.02  # word vectors ship in 8 bits, hashed tables in 16


def test_a_student_learns_from_a_teacher(tmp_path: Path) -> None:
    import msgspec

    from lab.train import distil, student
    from lab.train.heads import Heads

    one, vocabulary = tiny_student()
    heads = Heads(16, inner=8, kernel=3, dilations=(1,), activation=torch.relu)
    examples = [msgspec.structs.replace(e, states=0) for e in written(tmp_path)]
    states = np.random.RandomState(0).randn(len(examples[0].tokens) + 200, 16).astype(np.float16)
    one.mimic = torch.nn.Linear(one.encoder.width, 16)
    items = [(examples[0], 0, len(examples[0].tokens))]
    batch = student.Features(vocabulary).batch_of(items)
    far, answers = distil.Teaching(states, heads).loss(one.heads, one.mimic, one.encoder(batch), batch, items)
    assert float(far.detach()) > 0
    assert float(answers.detach()) > 0


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    """A tiny encoder and its tokeniser, made on the spot and saved by the real library."""
    transformers = pytest.importorskip("transformers", reason="./run test-train has it")
    tokenizers = pytest.importorskip("tokenizers")
    torch.manual_seed(0)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted({*TEXT.lower()} - {" ", "\n"})]
    pieces += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyzéèà'-"]
    model = tokenizers.Tokenizer(
        tokenizers.models.WordPiece({piece: n for n, piece in enumerate(dict.fromkeys(pieces))}, unk_token="[UNK]")
    )
    model.normalizer = tokenizers.normalizers.Lowercase()
    model.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    model.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    folder = tmp_path / "tiny"
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=model, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=model.get_vocab_size(), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=512,
    )  # fmt: skip
    transformers.BertModel(config).save_pretrained(folder)
    return folder


def test_any_encoder_is_fine_tuned_saved_and_read_with(encoder: Path, tmp_path: Path) -> None:
    from lab.train import export, teacher
    from lab.train.huggingface import HuggingFace

    out = tmp_path / "reader"
    one = teacher.Teacher(HuggingFace(str(encoder)), activation=torch.relu)
    settings = teacher.TeacherSettings(epochs=60, batch=3, encoder_rate=1e-2, head_rate=1e-2)
    teacher.train(one, written(tmp_path), settings, seed=0)
    export.save_pretrained(one.eval(), out, {"name": "tagger"})
    record = Desk(Settings(reader=str(out))).read_text(TEXT, language="fr")
    found = [[TEXT[span.start : span.end] for span in statement.content] for statement in record.statements]
    assert ["que le pont rouvrirait"] in found
    assert json.loads((out / "card.json").read_text(encoding="utf-8"))["pretrained"] == "encoder"


def test_the_states_of_words_are_those_of_training(encoder: Path, tmp_path: Path) -> None:
    from lab.train.heads import words_of
    from lab.train.huggingface import HuggingFace
    from onrecord.reading.pretrained import PretrainedWords

    (example, *_) = written(tmp_path)
    trained = HuggingFace(str(encoder)).eval()
    items = [(example, 0, len(example.tokens))]
    batch = words_of(items)
    trained.tell(items, batch)
    with torch.no_grad():
        wanted = trained.words(batch)[0].numpy()
    assert np.abs(PretrainedWords(encoder).rows(example.tokens) - wanted).max() < 1e-5


def test_a_folder_without_an_encoder_is_refused(tmp_path: Path) -> None:
    from onrecord.reading.pretrained import PretrainedWords

    with pytest.raises(ReaderError, match=r"\./run train --encoder"):
        PretrainedWords(tmp_path)


def test_folds_part_the_articles(tmp_path: Path) -> None:
    from lab.shared import FOLDS, fold_of

    names = [f"article-{random.Random(n).random()}" for n in range(200)]
    assert {fold_of(name) for name in names} == set(range(FOLDS))
    assert isinstance(load(), Tagger)
