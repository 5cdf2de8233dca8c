"""Who somebody is beyond one article: by lists that users bring, and by what many articles tell together."""

from .build import Imported, build
from .identity import Appearance, Joined, Judgement, Merge, join
from .lists import PeopleList

__all__ = ["Appearance", "Imported", "Joined", "Judgement", "Merge", "PeopleList", "build", "join"]
