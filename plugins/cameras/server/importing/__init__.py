"""Taking cameras in from a table."""
