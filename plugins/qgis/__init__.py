"""Projects made in QGIS on the map, and QGIS's tools."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.qgis.desktop import bind

    bind(ctx)
