"""Districts, streets, communities, grids: their tree, who is on duty in them, what is open."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.grids.desktop import bind

    bind(ctx)
