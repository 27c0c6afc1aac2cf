"""The datum ledger (坐标基准台账): what came in which datum, and whether that is so."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what the manifest declares; desktop code is imported here and not before."""
    from plugins.datums.desktop import bind

    bind(ctx)
