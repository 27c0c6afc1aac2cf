"""Buildings: one is singled out (单体化), in two dimensions and in three, with all that is known of it."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.buildings.desktop import bind

    bind(ctx)
