"""What linters do not say: lengths of functions and files, docstrings of public names, habits that hide mistakes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_FUNCTION_LINES = 40
MAX_FILE_LINES = 400

# Folders of one person's machine. Put together here, so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:" + "|".join(["home", "Users", "root", "work", "opt"]) + r")/\w")
LONE_STRING = re.compile(r"""\bin \((["'])[^"',]*\1\)""")  # `x in ("one")` asks for a part of a word, not for a member

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files_in(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    """The files with one of the suffixes in folders of the repository, in order."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in suffixes)
    return sorted(path for path in found if "__pycache__" not in path.parts)


CODE = files_in("src", "lab", "tests", "benchmarks")
LIBRARY = files_in("src")


def lines_of(path: Path) -> list[str]:
    """The lines of a file."""
    return path.read_text(encoding="utf-8", errors="replace").splitlines()  # pages in old encodings among the test data


def functions_of(path: Path) -> Iterator[Function]:
    """Every function and method of a file, inner ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Lines from `def` to the last statement, docstring left out: explaining is not punished."""
    last = function.end_lineno or function.lineno
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    return last - function.lineno + 1 - ((first.end_lineno or 0) - first.lineno + 1 if documented else 0)


def public(node: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """The public functions, classes and methods of a module, with their dotted names."""
    for child in node.body:
        if not isinstance(child, Function | ast.ClassDef) or child.name.startswith("_"):
            continue
        yield prefix + child.name, child
        if isinstance(child, ast.ClassDef):
            yield from public(child, f"{prefix}{child.name}.")


def places(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """`file:line` of each line that the pattern finds."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(lines_of(path), 1)
        if pattern.search(line)
    ]


def hold(sizes: list[tuple[int, str]], limit: int) -> None:
    """Fails, with the ten largest, when one is over the limit."""
    largest = sorted(sizes, reverse=True)[:10]
    if largest and largest[0][0] > limit:
        pytest.fail(
            f"at most {limit} lines:\n" + "\n".join(f"{size:4} {name}" for size, name in largest), pytrace=False
        )


def none(found: list[str]) -> None:
    """Fails, with the whole list, when there is anything in it."""
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_a_function_fits_on_one_screen() -> None:
    sizes = [
        (length(function), f"{path.relative_to(ROOT)}:{function.lineno} {function.name}")
        for path in CODE
        for function in functions_of(path)
    ]
    hold(sizes, MAX_FUNCTION_LINES)


def test_a_file_is_short_enough_to_be_known() -> None:
    hold([(len(lines_of(path)), str(path.relative_to(ROOT))) for path in CODE], MAX_FILE_LINES)


def test_public_names_of_the_library_have_docstrings() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno} {name}"
        for path in LIBRARY
        for name, node in public(ast.parse(path.read_text(encoding="utf-8")))
        if ast.get_docstring(node) is None and not stands_in_for_documented(node)
    ]
    none(bare)


def stands_in_for_documented(node: Function | ast.ClassDef) -> bool:
    """Whether a name is documented elsewhere: an overload, or a method that says it overrides one."""
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return bool(decorators & {"overload", "override", "setter"})


def test_every_module_of_the_library_says_what_it_is() -> None:
    bare = [
        str(path.relative_to(ROOT))
        for path in LIBRARY
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    none(bare)


def test_nobody_asks_for_membership_in_a_lone_string() -> None:
    none(places(LONE_STRING, [path for path in CODE if path != Path(__file__)]))


def test_the_library_does_not_print_or_exit() -> None:
    loud = re.compile(r"(?<![\w.\"'])(?:print|exit|quit|sys\.exit|os\._exit)\(")
    none(places(loud, [path for path in LIBRARY if "cli" not in path.relative_to(ROOT).parts]))


def test_no_path_of_somebodys_machine_is_written_down() -> None:
    text = files_in(
        *("src", "lab", "tests", "benchmarks", "cases", "docs", "examples", ".github", ".ci", "requirements"),
        suffixes=(".py", ".md", ".toml", ".txt", ".yml", ".json", ".html"),
    )
    here = [path for path in ROOT.iterdir() if path.suffix in {".md", ".toml"} or path.name == "run"]
    none(places(MACHINE_PATH, [*text, *here]))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('if word in ("dit"):', True),
        ("word in ('dit')", True),
        ('word in ("dit",)', False),
        ('word in ("a", "b")', False),
    ],
)
def test_the_pattern_for_lone_strings_tells_them_from_tuples(line: str, found: bool) -> None:
    assert bool(LONE_STRING.search(line)) is found


@pytest.mark.parametrize(
    ("line", "found"),
    [("/" + "home/ana/x", True), ("see https://example.org/" + "work/x", False), ("src/onrecord", False)],
)
def test_the_pattern_for_paths_of_a_machine_leaves_addresses_alone(line: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is found
