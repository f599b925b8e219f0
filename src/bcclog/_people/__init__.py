"""Addresses: lists of them as mail writes them, and the forms in which they are compared."""
