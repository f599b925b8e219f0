"""Dates of every locale, by tables."""
