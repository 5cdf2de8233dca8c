"""From an article to its statements and their speakers."""
