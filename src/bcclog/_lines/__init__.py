"""Text and HTML as the lines that a reader sees, with their places."""
