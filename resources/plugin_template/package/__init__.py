"""$title: a list of posts, and the posts on the map."""

from console.sdk import Context


def activate(ctx: Context) -> None:
    """Bind what plugin.toml declares. Code that isn't needed yet is imported when it is."""
    from $package.posts import Posts

    posts = Posts(ctx)

    def make_panel():
        from $package.panel import PostsPanel

        return PostsPanel(ctx, posts)

    ctx.commands.bind("$id.add", posts.add)
    ctx.panels.bind("$id.posts", make_panel)
