"""The laboratory: measuring and training. It imports `onrecord`, is never imported by it, and is not in the wheel."""
