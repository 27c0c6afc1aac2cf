"""The field staff: where they are, what state they are in, who calls for help."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.staff.desktop import bind

    bind(ctx)
