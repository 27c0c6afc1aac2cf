"""Data sources: files of the user's on the map, remembered from start to start."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.sources.desktop import bind

    bind(ctx)
