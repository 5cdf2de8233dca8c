"""The command line: parses, asks the desk, renders. No decision is taken here."""
