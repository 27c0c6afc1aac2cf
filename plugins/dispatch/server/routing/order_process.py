"""The program that works out the elimination order of a graph, run by ``node_order``.

It reads the columns tail, head, latitude and longitude from standard input, as NumPy
arrays, and writes the order as little-endian int32. Nothing of ours is imported: what
the backend needs takes longer to load than the order of a city to find.
"""

from __future__ import annotations

import io
import os
import sys

import numpy as np
import routingkit_cch


def main() -> None:
    """Answer for one graph."""
    if sys.platform != "win32":
        os.nice(10)  # ranking works without it meanwhile; who asks for something else goes first
    given = io.BytesIO(sys.stdin.buffer.read())
    try:
        tail, head, latitude, longitude = (np.load(given).tolist() for _ in range(4))
    except (ValueError, EOFError):
        sys.exit("node order: the graph is incomplete, the backend must have ended")
    order = routingkit_cch.compute_order_inertial(len(latitude), tail, head, latitude, longitude)
    sys.stdout.buffer.write(np.array(order, "<i4").tobytes())  # np.save asks a buffered pipe for its position


if __name__ == "__main__":
    main()
