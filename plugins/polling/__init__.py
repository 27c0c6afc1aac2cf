"""Polling (一键轮询): groups of cameras shown page by page, and inspected."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.polling.desktop import bind

    bind(ctx)
