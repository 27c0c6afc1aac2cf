"""The elimination order of a graph's crossings, worked out in a process of its own.

RoutingKit holds the interpreter's lock all the while, some two seconds for a city,
which would stop every request of the backend. The process ends with the backend,
whether that is stopped or killed. Both nets take their orders from this one.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np

from console.sdk.server import end_with_parent
from plugins.dispatch.server.routing.graph import Ints, RoadGraph

_PROGRAM = Path(__file__).with_name("order_process.py")


def order_crossings(graph: RoadGraph) -> Ints:
    """(n,) the nodes of *graph*, least important first; blocks.

    Raises CalledProcessError when the process fails.
    """
    columns = io.BytesIO()
    for column in (graph.start, graph.end, graph.nodes[:, 1], graph.nodes[:, 0]):
        np.save(columns, column)
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-P", str(_PROGRAM)],
        input=columns.getvalue(),
        stdout=subprocess.PIPE,
        check=True,
        preexec_fn=end_with_parent if sys.platform == "linux" else None,
    )
    return np.frombuffer(ended.stdout, "<i4").astype(np.int64)
