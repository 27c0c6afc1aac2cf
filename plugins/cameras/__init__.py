"""Street and high-altitude cameras: where they are, what they look at, which work."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.cameras.desktop import bind

    bind(ctx)
