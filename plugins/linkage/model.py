"""What both halves speak of."""

READ, WRITE = "linkage.read", "linkage.write"
MOST_PAIRS = 64
