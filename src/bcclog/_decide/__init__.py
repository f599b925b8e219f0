"""What to do with a mail: whom to create, link or skip, whom to credit, and why."""
