"""Dispatch: who should go, by road and with reasons; orders, routes and closures."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.dispatch.desktop import bind

    bind(ctx)
