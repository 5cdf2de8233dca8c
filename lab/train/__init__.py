"""From annotated articles to the weights that the package carries. `python -m lab.train` runs all the steps."""
