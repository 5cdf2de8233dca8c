"""Pages and an API over a store, for one machine: everything is rendered here, and no page runs a script."""

from __future__ import annotations
