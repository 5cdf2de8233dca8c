"""Measuring: scores against gold, gains and losses, floors, cases, the worth of the packs."""
