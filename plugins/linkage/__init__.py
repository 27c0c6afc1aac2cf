"""High/low linkage (高低位联动): places in a camera's picture and on the map are one."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.linkage.desktop import bind

    bind(ctx)
