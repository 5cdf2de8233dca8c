"""What a change does: the statements gained, lost and changed between a revision and the working tree.

python -m lab.evaluate diff main
python -m lab.evaluate diff HEAD~3 examples/fr-pont-de-valmery.txt
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from lab.shared import CHECKOUT, gold_file, text_file
from onrecord.errors import OnRecordError
from onrecord.types import Article

from .gold import EvaluationError, language_of, load_gold
from .words import Pair, match, words_under

PART_OF_TEXTS = 60  # raw articles a language, evenly spread: with dev, enough to see a change and quick to read
SAME_STATEMENT = 0.5  # overlap of content words from which two statements are one that changed
COMPARED = ("speaker", "type", "kind", "act", "negated", "nested", "content", "cue", "source")

Found = dict[str, Any]  # a statement as `snapshot.py` writes it


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference between two readings of an article."""

    article: str
    sort: str  # "gained", "lost", "changed"
    fields: tuple[str, ...]  # that changed
    before: Found | None
    after: Found | None


def main(arguments: Sequence[str]) -> int:
    """Prints the changes, the net number and the time. Exit code: 0 done, 1 a version cannot be run."""
    parser = argparse.ArgumentParser(
        prog="python -m lab.evaluate diff", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("revision", help="what the working tree is compared with: a branch, a tag, a commit")
    parser.add_argument("inputs", nargs="*", help="files or folders; by default dev and a part of the raw articles")
    parser.add_argument("--summary", action="store_true", help="numbers only")
    options = parser.parse_intermixed_args(arguments)
    try:
        articles = fixed_articles(options.inputs)
        with worktree(options.revision) as tree:
            before, after = snapshot(tree, articles), snapshot(CHECKOUT, articles)
    except OnRecordError as error:
        print(error, file=sys.stderr)
        return 1
    changes = [change for a in articles for change in changes_of(a, before[a.id], after[a.id])]
    if not options.summary:
        for change in changes:
            print("\n".join(shown(change, {a.id: a.text for a in articles})))
    print("\n".join(summary(changes, before, after)))
    return 0


def fixed_articles(inputs: Sequence[str]) -> list[Article]:
    """The articles of the inputs; else dev and a part of the raw texts; else the examples."""
    given = list(inputs) or [str(CHECKOUT / "examples")]
    if not inputs and gold_file("fr.dev.jsonl") is not None:
        return [*_dev(), *_texts()]
    from onrecord.intake import open_inputs
    from onrecord.settings import Settings

    return [found for found in open_inputs(given, Settings()) if isinstance(found, Article)]


def _dev() -> Iterator[Article]:
    from .reading import article_of

    for language in ("fr", "en"):
        path = gold_file(f"{language}.dev.jsonl")
        if path is not None:
            yield from (article_of(document, language_of(path)) for document in load_gold(path))


def _texts() -> Iterator[Article]:
    from onrecord.intake import open_inputs
    from onrecord.settings import Settings

    for language in ("fr", "en"):
        path = text_file(language)
        if path is not None:
            found = [a for a in open_inputs([str(path)], Settings(), language=language) if isinstance(a, Article)]
            yield from found[:: max(1, len(found) // PART_OF_TEXTS)][:PART_OF_TEXTS]


@contextmanager
def worktree(revision: str) -> Iterator[Path]:
    """The files of a revision in a folder of their own, gone afterwards. Raises EvaluationError for an unknown one."""
    with tempfile.TemporaryDirectory(prefix="onrecord-diff-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", "--quiet", str(tree), revision)
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> None:
    done = subprocess.run(["git", "-C", str(CHECKOUT), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise EvaluationError(done.stderr.strip() or "git failed", remedy="check the name of the revision")


class Snapshot(msgspec.Struct, frozen=True):
    """What one version of the code finds in an article, and how long it takes."""

    statements: list[Found]
    seconds: float


def snapshot(tree: Path, articles: Sequence[Article]) -> dict[str, Snapshot]:
    """What the code in a folder finds, by article. Raises EvaluationError when it cannot be run."""
    with tempfile.TemporaryDirectory(prefix="onrecord-articles-") as folder:
        given = Path(folder) / "articles.jsonl"
        given.write_text("".join(_line(article) for article in articles), encoding="utf-8")
        command = [sys.executable, str(CHECKOUT / "lab" / "evaluate" / "snapshot.py"), str(given)]
        # in its own process with its own path: two versions of a package do not live in one
        environment = os.environ | {"PYTHONPATH": str(tree / "src"), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise EvaluationError(f"cannot be run ({last})", which=tree, remedy="choose a revision that reads articles")
    lines = [json.loads(line) for line in done.stdout.split("\n") if line]
    return {line["id"]: Snapshot(line["statements"], line["seconds"]) for line in lines}


def _line(article: Article) -> str:
    return json.dumps({"id": article.id, "language": article.language, "text": article.text}) + "\n"


def changes_of(article: Article, before: Snapshot, after: Snapshot) -> list[Change]:
    """The differences between two readings of one article."""
    old, new = before.statements, after.statements
    pairs = match(_pairs(article, old), _pairs(article, new), SAME_STATEMENT)
    changed = [
        Change(article=article.id, sort="changed", fields=fields, before=old[i], after=new[j])
        for i, j in sorted(pairs.items())
        if (fields := tuple(name for name in COMPARED if old[i][name] != new[j][name]))
    ]
    lost = [s for i, s in enumerate(old) if i not in pairs]
    gained = [s for j, s in enumerate(new) if j not in pairs.values()]
    return [
        *(Change(article=article.id, sort="lost", fields=(), before=s, after=None) for s in lost),
        *(Change(article=article.id, sort="gained", fields=(), before=None, after=s) for s in gained),
        *changed,
    ]


def _pairs(article: Article, statements: Sequence[Found]) -> list[Pair]:
    """What statements are matched by: the words of content and cue."""
    return [(words_under(article.text, s["content"]), words_under(article.text, s["cue"])) for s in statements]


def shown(change: Change, texts: dict[str, str]) -> Iterator[str]:
    """A change in a few lines: what, by whom, and why the code of its version thinks so."""
    statement = change.after or change.before
    assert statement is not None
    sign = {"gained": "+", "lost": "-", "changed": "~"}[change.sort]
    text = texts[change.article]
    words = " … ".join(" ".join(text[start:end].split()) for start, end in statement["content"])
    yield f"{sign} {change.article}: {statement['speaker']} — {statement['act']}, {statement['type']} — {words}"
    for name in change.fields:
        assert change.before is not None
        yield f"    {name}: {_value(text, name, change.before)} → {_value(text, name, statement)}"
    yield from (f"    because {reason}" for reason in statement["reasons"])


def _value(text: str, name: str, statement: Found) -> str:
    value = statement[name]
    if isinstance(value, list):
        return " … ".join(" ".join(text[start:end].split()) for start, end in value) or "–"
    return str(value)


def summary(changes: Sequence[Change], before: dict[str, Snapshot], after: dict[str, Snapshot]) -> Iterator[str]:
    """The numbers: statements before and after, each sort of change, and the time of reading."""
    sorts = Counter(change.sort for change in changes)
    fields = Counter(name for change in changes for name in change.fields)
    n_before, n_after = (sum(len(s.statements) for s in side.values()) for side in (before, after))
    seconds_before, seconds_after = (sum(s.seconds for s in side.values()) for side in (before, after))
    yield f"{len(after)} articles, {n_before} statements before, {n_after} after ({n_after - n_before:+d})"
    yield f"gained {sorts['gained']}, lost {sorts['lost']}, changed {sorts['changed']}"
    if fields:
        yield "changed fields: " + ", ".join(f"{name} {n}" for name, n in fields.most_common())
    yield f"reading took {seconds_before:.2f} s before, {seconds_after:.2f} s after"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
