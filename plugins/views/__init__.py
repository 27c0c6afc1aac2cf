"""Views: further maps, comparing layers, past times, the overview, links to a view."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.views.desktop import bind

    bind(ctx)
