"""Sphinx: sphinx-build -W -b html docs docs/_build."""

project = "bcclog"
extensions = ["myst_parser"]
html_theme = "furo"
exclude_patterns = ["_build"]
