"""Layer styles: how data layers are drawn, changed with the map in view."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.styles.desktop import bind

    bind(ctx)
