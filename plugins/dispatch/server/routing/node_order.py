"""The elimination order of a net of roads, worked out in a process of its own.

RoutingKit holds the interpreter's lock all the while, some
two seconds for a city, which would stop every request of the backend. It reads
the graph's columns from standard input, as NumPy arrays, and writes the order as
little-endian int32.
It ends with the backend, whether that is stopped or killed.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import routingkit_cch

from console.sdk.server import end_with_parent
from plugins.dispatch.server.routing.nets import Net


def order_nodes(net: Net) -> list[int]:
    """The order of *net*'s nodes; blocks. Raises CalledProcessError when the process fails."""
    columns = io.BytesIO()
    for column in (net.tail, net.head, net.places[:, 1], net.places[:, 0]):
        np.save(columns, column)
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"from {__name__} import main; main()"],
        input=columns.getvalue(),
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[4],
        check=True,
    )
    return np.frombuffer(ended.stdout, "<i4").tolist()


def main() -> None:
    """Answer for one graph."""
    end_with_parent()
    if sys.platform != "win32":
        os.nice(10)  # ranking works without it meanwhile; who asks for something else goes first
    given = io.BytesIO(sys.stdin.buffer.read())
    try:
        tail, head, latitude, longitude = (np.load(given).tolist() for _ in range(4))
    except (ValueError, EOFError):
        sys.exit("node order: the graph is incomplete, the backend must have ended")
    order = routingkit_cch.compute_order_inertial(len(latitude), tail, head, latitude, longitude)
    sys.stdout.buffer.write(np.array(order, "<i4").tobytes())  # np.save asks a buffered pipe for its position
