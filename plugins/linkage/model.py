"""What both halves speak of."""

READ, WRITE = "linkage.read", "linkage.write"
MOST_PAIRS, MOST_ZOOMS = 64, 16
