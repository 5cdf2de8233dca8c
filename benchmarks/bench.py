"""Speed and memory of `onrecord` beside a bare spaCy pipeline, in one run on one core.

    python benchmarks/bench.py                  the raw French articles, or the examples where they are absent
    python benchmarks/bench.py --articles 318   more of them
    python benchmarks/bench.py --rounds 1 --articles 3 --no-start-up

Each side runs in its own process, both pinned to the same core, and they take turns: what else the machine does
meanwhile falls on both. Figures are medians over the rounds; the first, unmeasured turn warms each side up.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
MODEL = "fr_core_news_sm"
BATCH = 32  # texts spaCy is given at once
ROUND_CHARS = 2_000  # length of the even texts: one that both sides can be compared on elsewhere
START_UPS = 7
TO_INSTALL = "python -m pip install -r requirements/bench.txt, or ./run bench, which does it"

Read = Callable[[Sequence[str]], None]


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 when measured, with or without spaCy."""
    options = _parser().parse_args(arguments)
    if options.worker:
        return work(options.worker)
    core = pin(options.core)
    texts = load_texts(options.articles)
    even = cut_evenly("\n\n".join(texts), ROUND_CHARS)
    sides = ["tagger", "rules", *(["spacy"] if has_spacy() else [])]
    print(
        f"{len(texts)} French articles, {sum(map(len, texts))} characters; {place(core)}; medians of {options.rounds}"
    )
    report(measure(sides, {"articles": texts, f"{ROUND_CHARS} characters": even}, options.rounds), texts, even)
    if "spacy" not in sides:
        print(f"no figures for spaCy: {MODEL} is not installed: {TO_INSTALL}")
    if options.start_up:
        print("\n".join(start_up_lines(texts[0])))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100, metavar="N", help="how many (default 100)")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="how often each side reads them (default 7)")
    parser.add_argument("--core", type=int, metavar="N", help="the core to run on; by default the last one")
    parser.add_argument("--no-start-up", dest="start_up", action="store_false", help="leave out the cold starts")
    parser.add_argument("--worker", choices=sorted(SIDES), help=argparse.SUPPRESS)
    return parser


# --- what is read ---------------------------------------------------------------------------------------------------


def load_texts(n: int) -> list[str]:
    """n French articles: raw ones spread evenly over the shared file, else the examples, repeated."""
    path = CHECKOUT / os.environ.get("ONRECORD_SHARED", "../shared") / "texts" / "fr.jsonl"
    if path.is_file():
        lines = path.read_text(encoding="utf-8").split("\n")
        texts = [json.loads(line)["text"] for line in lines if line.strip()]
    else:
        texts = [path.read_text(encoding="utf-8") for path in sorted((CHECKOUT / "examples").glob("fr-*.txt"))]
        texts *= -(-n // len(texts))
    return texts[:: max(1, len(texts) // n)][:n]


def cut_evenly(text: str, n_chars: int) -> list[str]:
    """The text in pieces of n characters; what is left over at the end goes."""
    return [text[at : at + n_chars] for at in range(0, len(text) - n_chars + 1, n_chars)] or [text]


# --- the two sides --------------------------------------------------------------------------------------------------


def onrecord_side(reader: str) -> Read:
    """Reads French texts to records with one of the readers."""
    from onrecord import Article, Desk, Settings
    from onrecord.types import digest

    desk = Desk(Settings(reader=reader))

    def read(texts: Sequence[str]) -> None:
        hashes = [digest(text) for text in texts]
        articles = [Article(id=h, text=t, language="fr", sha256=h) for t, h in zip(texts, hashes, strict=True)]
        for _ in desk.read_many(articles):
            pass

    return read


def spacy_side() -> Read:
    """Reads texts to spaCy documents with every component of the bare model."""
    import spacy

    pipeline = spacy.load(MODEL)

    def read(texts: Sequence[str]) -> None:
        for _ in pipeline.pipe(texts, batch_size=BATCH):
            pass

    return read


SIDES: dict[str, Callable[[], Read]] = {
    "tagger": partial(onrecord_side, "tagger"),
    "rules": partial(onrecord_side, "rules"),
    "spacy": spacy_side,
}


def has_spacy() -> bool:
    """Whether spaCy and its French model are installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("spacy", MODEL))


def work(side: str) -> int:
    """The loop of one side's process: a line with texts in, a line with seconds and peak memory out."""
    read = SIDES[side]()
    for line in sys.stdin:
        texts = json.loads(line)
        started = time.perf_counter()
        read(texts)
        print(json.dumps({"seconds": time.perf_counter() - started, "peak_mib": peak_mib()}), flush=True)
    return 0


def peak_mib() -> float | None:
    """The most memory this process has held, in MiB; None on systems that do not tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10  # bytes there, KiB elsewhere


@contextmanager
def process(side: str) -> Iterator[subprocess.Popen[str]]:
    """A side's process, which inherits the core; numeric libraries are held to one thread."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, str(Path(__file__).resolve()), "--worker", side]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | one_thread
    ) as running:
        yield running
        assert running.stdin is not None
        running.stdin.close()


def ask(running: subprocess.Popen[str], texts: Sequence[str]) -> dict[str, Any]:
    """One turn of a side: seconds and peak memory."""
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(json.dumps(list(texts)) + "\n")
    running.stdin.flush()
    answer: dict[str, Any] = json.loads(running.stdout.readline() or '{"failed": true}')
    if "failed" in answer:
        raise SystemExit(f"bench: the process of {running.args!r} ended; its message is above")
    return answer


Measured = dict[tuple[str, str], list[dict[str, Any]]]  # answers by side and kind of text


def measure(sides: Sequence[str], kinds: dict[str, list[str]], rounds: int) -> Measured:
    """The answers of every round, the sides taking turns, after one turn each that is not measured."""
    answers: Measured = {(side, kind): [] for side in sides for kind in kinds}
    with ExitStack() as stack:
        running = {side: stack.enter_context(process(side)) for side in sides}
        for side in sides:
            ask(running[side], kinds[next(iter(kinds))][:BATCH])
        for number in range(rounds):
            for kind, texts in kinds.items():
                # whoever goes first in one round goes second in the next
                for side in sides if number % 2 == 0 else reversed(sides):
                    answers[side, kind].append(ask(running[side], texts))
    return answers


def pin(core: int | None) -> int | None:
    """Keeps this process and its children on one core, the last by default; None where the system cannot."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    chosen = max(os.sched_getaffinity(0)) if core is None else core
    os.sched_setaffinity(0, {chosen})
    return chosen


# --- what is printed ------------------------------------------------------------------------------------------------


def place(core: int | None) -> str:
    """Where it ran, in words."""
    return "not pinned to a core" if core is None else f"all on core {core}"


def report(answers: Measured, texts: Sequence[str], even: Sequence[str]) -> None:
    """Prints articles a second and peak memory of each side, and how many times faster the readers are."""
    sizes = dict(zip(dict.fromkeys(kind for _, kind in answers), (len(texts), len(even)), strict=True))
    rates: dict[tuple[str, str], float] = {}
    for (side, kind), rounds in answers.items():
        seconds = [answer["seconds"] for answer in rounds]
        rates[side, kind] = sizes[kind] / median(seconds)
        peak = rounds[-1]["peak_mib"]
        spread = f"{sizes[kind] / max(seconds):.0f}–{sizes[kind] / min(seconds):.0f}"
        memory = "–" if peak is None else f"{peak:.0f} MiB"
        print(f"{side:<9} {kind:<16} {rates[side, kind]:>8.1f} a second ({spread})   peak memory {memory}")
    for kind in sizes:
        for side in ("tagger", "rules") if ("spacy", kind) in rates else ():
            times = rates[side, kind] / rates["spacy", kind]
            print(f"{side}: {times:.1f} times as many texts a second as bare {MODEL} ({kind})")


def start_up_lines(text: str) -> Iterator[str]:
    """The median of cold starts of `onrecord read` on one article, with and without its language."""
    program = Path(sys.executable).with_name("onrecord.exe" if os.name == "nt" else "onrecord")
    if not program.is_file():
        yield f"no figures for start-up: {program.name} is not installed beside this Python: run ./run setup"
        return
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        article = Path(folder) / "article.txt"
        article.write_text(text, encoding="utf-8")
        for flags in (["--language", "fr"], []):
            command = [str(program), "read", *flags, str(article)]
            named = " ".join(["onrecord read", *flags, "FILE"])
            yield f"{named:<34} {start_up(command)}"


def start_up(command: Sequence[str]) -> str:
    """The median time of a command that is started anew each time; what it said where it fails."""
    seconds = []
    for _ in range(START_UPS):
        started = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            return f"failed: {done.stderr.strip().rpartition(chr(10))[2]}"
        seconds.append(time.perf_counter() - started)
    return f"{median(seconds):.2f} s from a cold start ({min(seconds):.2f}–{max(seconds):.2f})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
