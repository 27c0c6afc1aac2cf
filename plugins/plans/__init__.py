"""Plans (预案): prepared for classes of events and areas, drawn on the map, kept in editions."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.plans.desktop import bind

    bind(ctx)
