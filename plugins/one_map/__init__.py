"""The one map itself: layers, search, measuring, identifying, coordinates, bookmarks, export."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.one_map.desktop import bind

    bind(ctx)
