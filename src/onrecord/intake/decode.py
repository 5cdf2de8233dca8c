"""Bytes to text, in any encoding found in the wild."""

from __future__ import annotations

import re

from .found import NotText

# The longest first: the mark of UTF-16 begins that of UTF-32.
BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

# Single-byte encodings of western text; the first wins a tie. Latin-1 is read as Windows-1252, as browsers do.
# Each with how likely it is beforehand: a name with one odd letter shall not make a text of our century one of MS-DOS.
WESTERN = (("cp1252", 1.0), ("iso8859-15", 1.0), ("mac_roman", 1.0), ("cp850", 0.6))

# Encodings that a page may declare. Python knows more, such as "unicode_escape", that are no encodings of text.
DECLARABLE = re.compile(r"(?:iso|latin|windows|cp\d|koi8|x?-?mac|big5|gb|euc|shift|x-sjis|utf|us-ascii|ascii)", re.I)

FRENCH = frozenset("éèàçêâôîûùïœëÉÈÀÇŒ‘’«»“”…–—€°\xa0\u202f")
OTHER_LETTERS = frozenset("äöüßñáíóúãõøåæÿìòÄÖÜÑÁÍÓÚÃÕØÅÆŸÌÒÊÂÔÎÛÙÏË")
OTHER_SIGNS = frozenset("„‹›·•£§©®™²³×±ºª¿¡\xad")
FRACTIONS = frozenset("½¼¾")
DASHES = frozenset("–—")
STAND_ALONE = frozenset("àÀôóéÉèÈ")  # letters that are words: "à", Portuguese "é", Italian "è"
NEIGHBOURS = frozenset({"éé", "çã", "çõ", "öß", "üß", "äß"})  # accented letters that stand side by side: "réélu"

PLAUSIBLE_SHARE = 0.85  # of the characters beyond ASCII; below, the text is in none of the western encodings
SAMPLE_CHARS = 50_000  # what of a long text is looked at to tell its encoding
MAX_CONTROL_SHARE = 0.02  # of the characters; beyond, the bytes are no text
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a]")


def decode(raw: bytes, *, declared: str | None = None) -> str | NotText:
    """The text of some bytes, without a byte order mark and otherwise unchanged; or why they are not text.

    `declared` is the encoding that the input claims for itself; it counts only where the bytes do not contradict it.
    """
    text = _decode(raw, declared)
    if isinstance(text, NotText):
        return text
    if "\x00" in text or len(CONTROL.findall(text, 0, SAMPLE_CHARS)) > MAX_CONTROL_SHARE * min(len(text), SAMPLE_CHARS):
        return NotText("binary", "these bytes are not text; give a text, HTML or JSON Lines file")
    return text


def _decode(raw: bytes, declared: str | None) -> str | NotText:
    for mark, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            body = raw[len(mark) :]
            text = _strictly(body, encoding)
            if text is None and encoding == "utf-8":
                text = _mended(body)
            return _unreadable(f"it begins as {encoding} and is not") if text is None else text
    if b"\x00" in raw:
        return _without_mark(raw)
    return _first_that_fits(raw, declared)


def _unreadable(why: str) -> NotText:
    return NotText("unreadable", f"{why}; save it as UTF-8")


def _first_that_fits(raw: bytes, declared: str | None) -> str | NotText:
    text = _strictly(raw, "utf-8")
    if text is None:
        text = _mended(raw)
    if text is None and declared is not None:
        text = _as_declared(raw, declared)
    if text is None:
        text = _western(raw)
    if text is None:
        text = _elsewhere(raw)
    return _unreadable("its encoding cannot be told") if text is None else text


def _strictly(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _without_mark(raw: bytes) -> str | NotText:
    """UTF-16 or UTF-32 without a byte order mark, told by where the NUL bytes of its ASCII characters stand."""
    head = raw[: SAMPLE_CHARS // 4 * 4]
    nul = [head[i::4].count(0) / max(1, len(head[i::4])) for i in range(4)]
    # Three bytes of four in UTF-32; in UTF-16 one of two for ASCII, fewer where typographic signs are many
    patterns = (
        ("utf-32-le", (1, 2, 3), (0,)),
        ("utf-32-be", (0, 1, 2), (3,)),
        ("utf-16-le", (1, 3), (0, 2)),
        ("utf-16-be", (0, 2), (1, 3)),
    )
    for encoding, full, bare in patterns:
        if all(nul[i] > 0.5 for i in full) and all(nul[i] < 0.05 for i in bare):
            text = _strictly(raw, encoding)
            if text is not None:
                return text
    return NotText("binary", "it holds NUL bytes, so it is not text; give a text, HTML or JSON Lines file")


def _mended(raw: bytes) -> str | None:
    """UTF-8 with a few bytes of Windows-1252 among it, as careless tools join texts; None when it is not that."""
    parts: list[str] = []
    at, wrong = 0, 0
    while at < len(raw):
        try:
            parts.append(raw[at:].decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            parts.append(raw[at : at + error.start].decode("utf-8"))
            parts.append(raw[at + error.start : at + error.end].decode("cp1252", "replace"))
            at += error.end
            wrong += 1
            if wrong > MAX_WRONG:
                return None
    text = "".join(parts)
    right = len(MULTIBYTE.findall(raw))
    return text if right >= 3 * wrong else None


MAX_WRONG = 200  # bytes that are mended before the text is taken for another encoding
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _as_declared(raw: bytes, declared: str) -> str | None:
    name = declared.strip().lower()
    if DECLARABLE.match(name) is None or name in {"utf-8", "utf8", "utf-7", "ascii", "us-ascii"}:
        return None
    if name in {"iso-8859-1", "iso8859-1", "latin-1", "latin1"}:
        name = "cp1252"
    return _strictly(raw, {"macintosh": "mac_roman", "x-mac-roman": "mac_roman"}.get(name, name))


def _western(raw: bytes) -> str | None:
    """The text in the western encoding that makes most sense of it; None when none does."""
    best: tuple[float, str] | None = None
    for encoding, prior in WESTERN:
        text = _strictly(raw, encoding)
        if text is None:
            continue
        share, weight = _plausibility(text[:SAMPLE_CHARS])
        weight *= prior
        if share >= PLAUSIBLE_SHARE and (best is None or weight > best[0]):
            best = weight, text
    return None if best is None else best[1]


def _plausibility(text: str) -> tuple[float, float]:
    """Share of the characters beyond ASCII that stand where they may, and the mean weight of all of them."""
    weights = [_weight(text, i) for i, char in enumerate(text) if char > "\x7f"]
    if not weights:
        return 1.0, 1.0
    return sum(w > 0 for w in weights) / len(weights), sum(weights) / len(weights)


def _weight(text: str, i: int) -> float:
    """1 for a character usual in French where it stands, less for one usual elsewhere, 0 for a misreading."""
    char = text[i]
    before = text[i - 1] if i else " "
    after = text[i + 1] if i + 1 < len(text) else " "
    if char in DASHES:
        return 1.0 if before.isspace() == after.isspace() else 0.2
    if char in FRACTIONS:
        return 0.0 if before.isalpha() or after.isalpha() else 0.5
    if char in OTHER_SIGNS:
        return 0.0 if before.isalpha() and after.isalpha() else 0.5
    if char.isalpha() and not _stands_well(char, before=before, after=after):
        return 0.0
    if char in FRENCH:
        return 1.0
    return 0.3 if char in OTHER_LETTERS else 0.0


def _stands_well(char: str, *, before: str, after: str) -> bool:
    """Whether an accented letter may stand between two characters."""
    if not before.isalpha() and not after.isalpha():
        return char in STAND_ALONE
    if before > "\x7f" and before.isalpha() and (before + char).lower() not in NEIGHBOURS:
        return False  # Cyrillic read as Latin
    if char.isupper():
        return not before.islower()  # "lÕEtat": an apostrophe of the Macintosh read as Windows-1252
    return not after.isupper()


def _elsewhere(raw: bytes) -> str | None:
    """The text as charset-normalizer reads it; None when it cannot tell either."""
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:SAMPLE_CHARS]).best()
    return None if best is None else _strictly(raw, best.encoding)
