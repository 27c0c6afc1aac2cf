"""Printing: the map on paper, by scale, with all that a printed map needs."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.printing.desktop import bind

    bind(ctx)
