"""The service ``whereabouts``: a place in words, for plugins that ask where something is."""

from __future__ import annotations

import msgspec

from console.sdk import Context, OneMapError
from console.sdk.records import LonLat
from plugins.dispatch.model import Whereabouts


class PlaceNamer:
    """Asks the backend, which knows roads, crossings and house numbers."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def __call__(self, where: LonLat) -> str:
        """Road, side and nearest number in the user's language.

        Empty where no named road is near, and while nobody can tell.
        """
        try:
            answer = await self._ctx.backend.get("/dispatch/where", lon=where[0], lat=where[1])
        except OneMapError:
            return ""
        found = msgspec.convert(answer, Whereabouts)
        return found.zh if self._ctx.language.startswith("zh") else found.en
