"""What is learnt from, with its licence, as the cards of the weights name it."""

from __future__ import annotations

DATA = [
    "Wikinews, French 2012 and English 2019-2020 (CC BY 2.5), annotated",
    "L'Est Républicain as in ANNODIS/Sequoia (LGPL-LR), annotated",
    "NTREX, French translations of English news and English originals (CC BY-SA 4.0), annotated",
    "WMT 2021 and 2022 news test sets, French (research use), annotated",
    "VOA articles (public domain), annotated",
    "articles written for this project (CC BY 4.0), annotated",
]
UNANNOTATED = [  # and under other guidelines; for the tagger alone
    "PolNeAR 1.0 (no licence stated: research use), annotated under its own guidelines",
    "VOA and Global Voices articles (public domain, CC BY 3.0), unannotated",
    "Universal Dependencies Sequoia (LGPL-LR), GSD, PUD, EWT (CC BY-SA), sentences unannotated",
]
