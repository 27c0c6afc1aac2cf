"""Parts of pictures that are larger than a window: each is drawn by itself, into memory of its own."""

from __future__ import annotations

from console.scene.lens import Lens, Part
from console.scene.process.memory import Memory
from console.scene.process.messages import LookPart
from console.scene.render.stage import Stage


def draw_part(stage: Stage, lens: Lens, look: LookPart) -> tuple[float, float]:
    """The part that is asked for, with its depths, into the first slot; metres of near and far."""
    memory = Memory(look.slot_bytes, look.memory)  # anew each time: a name may be given twice
    part = Part(*look.part)
    pixels = stage.render(lens, look.clearance, part)
    memory.picture(0, part.width, part.height)[:] = pixels
    memory.depths(0, part.width, part.height)[:] = stage.depths()
    return stage.range
