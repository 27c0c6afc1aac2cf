"""The one tool at work, whichever view of the map it is used in."""

from __future__ import annotations

from console.map.listeners import Listeners
from console.map.tools import Tool


class ToolBench:
    """All views hand pointer and keys to ``tool`` and draw what it has so far."""

    def __init__(self) -> None:
        self.tool: Tool | None = None
        self.changed = Listeners[[]]()
        """There is another tool, or none."""
        self.moved = Listeners[[]]()
        """The tool looks different now."""

    def put(self, tool: Tool | None) -> None:
        """Hand the pointer to a tool; the one before is cancelled."""
        before, self.tool = self.tool, tool
        if before is not None and not before.over:
            before.finish(None)
        self.changed.fire()

    def done(self) -> None:
        """Put away a tool that has its answer; else show what it has so far."""
        if self.tool is not None and self.tool.over:
            self.put(None)
        else:
            self.moved.fire()
