"""The fields of view of all cameras on the map, as far as their records and usual lenses tell."""

from __future__ import annotations

import numpy as np

from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.sight import ALL_AROUND

LAYER = "onemap.cameras.fields"
MIN_ZOOM = 15.5
"""Where symbols stand apart; farther away sectors are but dots."""
COLORS = ("camera.online", "camera.offline")


class FieldsLayer:
    """Follows the desk. High-altitude cameras are left out: they turn, and each would cover the city; theirs
    is shown while they are selected."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        ctx = desk.ctx
        self._sectors = ctx.map.add_sectors(LAYER, COLORS, min_zoom=MIN_ZOOM)
        desk.changed.connect(self.draw)
        desk.filtered.connect(self.draw)
        ctx.commands.bind("onemap.cameras.fields", self.toggle)
        self.draw()

    def draw(self) -> None:
        """Replace all sectors: 10 ms of 38,000."""
        cameras = self._desk.catalogue
        rows = np.flatnonzero(self._desk.shown(with_view=False) & ~cameras.high)
        heading, across = cameras.heading[rows], cameras.across[rows]
        turns = np.isnan(heading) | (across >= ALL_AROUND)
        self._sectors.set_sectors(
            cameras.lon[rows],
            cameras.lat[rows],
            np.where(turns, 0.0, heading),
            np.where(turns, 360.0, across),
            cameras.reach[rows],
            color=(~cameras.online[rows]).astype(np.uint8),
        )

    def toggle(self) -> None:
        """Show or hide them; the layer tree remembers it."""
        layers = self._desk.ctx.map.layers
        shown = next((entry.visible for entry in layers.entries() if entry.id == LAYER), False)
        layers.set_visible(LAYER, not shown)
        ctx = self._desk.ctx
        if not shown and ctx.map.zoom() < MIN_ZOOM:
            ctx.notify(ctx.tr("Zoom in to the streets to see the fields of view"), key=LAYER)
