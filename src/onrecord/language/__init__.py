"""Languages as data: packs, and which language a text is in."""
