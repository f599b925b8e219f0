"""Bytes of a mail: where its fields and parts are, and their text."""
