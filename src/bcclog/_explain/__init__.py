"""The page that explains a plan."""
