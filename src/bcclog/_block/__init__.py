"""The header block above a forwarded message, or the line in its place: found and read."""
