"""Profiles, sections and volumes in words, numbers and tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from console.sdk.scene_survey import SceneProfile, SceneSection, SceneVolume

Tr = Callable[..., str]
Pairs = list[tuple[str, str]]
WAN = 10_000.0
"""Cubic metres from which on Chinese counts in ten thousands."""
TITLES = {"profile": "Profile", "section": "Section", "volume": "Cut and fill"}


def metres(value: float, digits: int) -> str:
    return f"{value:,.{digits}f} m"


def square(value: float) -> str:
    return f"{value:,.1f} m²"


def cubic(value: float, tr: Tr) -> str:
    """Cubic metres; many of them as the language counts them."""
    if value < WAN:
        return f"{value:,.1f} m³"
    return tr("{value} m³ ({wan} × 10⁴ m³)", value=f"{value:,.0f}", wan=f"{value / WAN:,.2f}")


def line_pairs(found: SceneProfile, tr: Tr) -> Pairs:
    """Lengths and heights."""
    pairs = [(tr("Length"), metres(found.length, 1))]
    known = found.surface[np.isfinite(found.surface)]
    if len(known):
        spread = f"{float(known.min()):,.2f} – {metres(float(known.max()), 2)}"
        pairs += [
            (tr("Heights of the surface"), spread),
            (tr("Difference of height"), metres(float(known.max() - known.min()), 2)),
        ]
    above = found.surface - found.ground
    if np.isfinite(above).any():
        pairs.append((tr("Highest above the ground"), metres(float(np.nanmax(above)), 2)))
    missing = float(np.isnan(found.surface).mean())
    if missing > 0.005:
        pairs.append((tr("Without a surface"), f"{missing * 100:.0f} %"))
    return [*pairs, (tr("Detail of the model"), tr("up to {metres} m", metres=f"{found.detail:g}"))]


def volume_pairs(found: SceneVolume, tr: Tr) -> Pairs:
    """Cut, fill and what they come from."""
    low, high = found.base
    base = metres(low, 2) if high - low < 0.005 else f"{low:,.2f} – {metres(high, 2)}"
    net = found.cut - found.fill
    name = tr("Cut is more by") if net >= 0 else tr("Fill is more by")
    return [
        (tr("Cut (above the base)"), f"{cubic(found.cut, tr)}  ± {cubic(found.cut_error, tr)}"),
        (tr("Fill (below the base)"), f"{cubic(found.fill, tr)}  ± {cubic(found.fill_error, tr)}"),
        (name, cubic(abs(net), tr)),
        (tr("Area"), square(found.area)),
        (tr("Mean height of the surface"), metres(found.mean, 2)),
        (tr("Heights of the surface"), f"{found.lowest:,.2f} – {metres(found.highest, 2)}"),
        (tr("Base surface"), base),
        (tr("Grid"), metres(found.step, 2)),
        (tr("Detail of the model"), tr("up to {metres} m", metres=f"{found.detail:g}")),
    ]


def pairs_of(found: SceneProfile | SceneSection | SceneVolume, tr: Tr) -> Pairs:
    """The result in names and values."""
    if isinstance(found, SceneVolume):
        return volume_pairs(found, tr)
    return line_pairs(found.profile if isinstance(found, SceneSection) else found, tr)


def text_of(found: SceneProfile | SceneSection | SceneVolume, tr: Tr) -> str:
    """A line a value, for the clipboard."""
    return "\n".join(f"{name}\t{value}" for name, value in pairs_of(found, tr))


def rows_of(found: SceneProfile | SceneSection | SceneVolume, tr: Tr) -> list[list[str]]:
    """As a table: of a profile its places, of a section its pieces, of a volume its values."""
    if isinstance(found, SceneVolume):
        return [[name, value] for name, value in volume_pairs(found, tr)]
    if isinstance(found, SceneSection):
        head = [tr("Distance {end} (m)", end=end) for end in (1, 2)]
        tops = [tr("Height {end} (m)", end=end) for end in (1, 2)]
        ends = np.stack([found.along, found.height], axis=-1).reshape(-1, 4)
        names = [head[0], tops[0], head[1], tops[1]]
        return [names, *[[f"{value:.3f}" for value in row] for row in ends.tolist()]]
    names = [tr("Distance (m)"), tr("Longitude"), tr("Latitude"), tr("Surface (m)"), tr("Ground (m)")]
    columns = zip(found.along, found.lon, found.lat, found.surface, found.ground, strict=True)
    return [names, *[_row(*values) for values in columns]]


def _row(along: float, lon: float, lat: float, surface: float, ground: float) -> list[str]:
    heights = ["" if np.isnan(height) else f"{height:.3f}" for height in (surface, ground)]
    return [f"{along:.3f}", f"{lon:.8f}", f"{lat:.8f}", *heights]
