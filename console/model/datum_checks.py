"""What the datum ledger (坐标基准台账) tells of layers and feeds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.model.local_datums import LocalDatum
from console.model.records import LayerInfo

FEWEST = 30
"""Places that a measurement needs."""


class CheckState(StrEnum):
    """What measuring a layer against a reference found."""

    FITS = "fits"
    """It lies where its datum puts it."""
    SHIFTED = "shifted"
    """It would lie on the reference if its source were in another datum."""
    UNCLEAR = "unclear"
    """No datum fits clearly better than the others."""
    APART = "apart"
    """It lies where the reference has nothing, or there is too little of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumTrial:
    """One datum that the source might have been in, and how the layer would then lie."""

    datum: str
    near: float
    """Share of the samples close to the reference (15 m), 0..1."""
    median: float
    """Median distance of all samples to the reference, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumCheck:
    """A measurement of one layer against another that is held to lie right."""

    layer: str
    reference: str
    state: CheckState
    datum: str
    """The datum that fits, as in ``console.model.datums``; empty when none does clearly."""
    residual: float | None
    """Metres from where the layer should be, as it is now; None when that is unclear."""
    residual_90: float | None
    """The same of the worst tenth (90th percentile)."""
    after: float | None
    """Metres that would remain in ``datum``."""
    samples: int
    trials: tuple[DatumTrial, ...]
    at: float = 0.0
    """When, s since 1970."""
    by: str = ""
    """Name of who measured."""

    @property
    def worth(self) -> int:
        """How much it says, 0..2: a clear result is not given up for an unclear one."""
        return {CheckState.APART: 0, CheckState.UNCLEAR: 1}.get(self.state, 2)

    @property
    def is_clear(self) -> bool:
        """Whether it tells in which datum the layer is."""
        return self.state in (CheckState.FITS, CheckState.SHIFTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerDatum:
    """A layer's line of the ledger; *check* is of the layer and the reference as they are now."""

    layer: LayerInfo
    check: DatumCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDatum:
    """A way in for positions, and the datum in which it gives them."""

    id: str
    title_zh: str
    title_en: str
    datum: str
    datum_known: str
    """``declared``: by the protocol or by the deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumLedger:
    """All that has coordinates, and the datums that the deployment has entered."""

    layers: tuple[LayerDatum, ...]
    feeds: tuple[FeedDatum, ...]
    locals: tuple[LocalDatum, ...]
