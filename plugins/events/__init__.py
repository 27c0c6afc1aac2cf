"""Events from report to close: list, map symbols, history, the closed loop."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.events.desktop import bind

    bind(ctx)
