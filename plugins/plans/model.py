"""What both halves of the plans plugin share: limits of what a plan may hold."""

TITLE_LIMIT, NOTE_LIMIT, WHO_LIMIT, WHAT_LIMIT = 120, 4000, 80, 1000
"""Characters."""
MOST_STEPS = 100
MOST_ITEMS = 500
MOST_VERTICES = 20_000
"""Of all things drawn in a plan."""
READ, WRITE = "plan.read", "plans.write"
