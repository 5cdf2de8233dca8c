"""Lists of people that users bring: who is known by which names, with which offices from when to when."""

from .build import Imported, build
from .lists import PeopleList

__all__ = ["Imported", "PeopleList", "build"]
