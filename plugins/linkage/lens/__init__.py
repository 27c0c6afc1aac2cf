"""From places to pixels and back: no Qt, nothing of the console."""
