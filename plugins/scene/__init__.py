"""The one map in three dimensions: oblique models and what is live on them."""

from __future__ import annotations

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind the desktop half."""
    from plugins.scene.desktop import bind

    bind(ctx)
