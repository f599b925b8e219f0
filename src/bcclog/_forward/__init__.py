"""A forward recognised, and the message inside it recovered."""
