"""The panel: the posts as a table."""

from console.sdk import Context
from console.sdk.ui import Column, Page, RecordTable, button

from $package.posts import Posts


class PostsPanel(Page):
    """Made at the panel's first show, and anew when the language changes."""

    def __init__(self, ctx: Context, posts: Posts) -> None:
        columns = [
            Column(ctx.tr("Number"), lambda post: post.number, width=80),
            Column(ctx.tr("Longitude"), lambda post: f"{post.lon:.5f}", align="right"),
            Column(ctx.tr("Latitude"), lambda post: f"{post.lat:.5f}", align="right"),
        ]
        self.table = RecordTable(columns, key=lambda post: post.number, empty=ctx.tr("No posts yet"))
        self.table.on_activate(posts.show)
        add = button(ctx.tr("Add a post"), lambda: ctx.commands.run("$id.add"), primary=True)
        super().__init__(add, self.table)
        self._posts = posts
        self.destroyed.connect(posts.on_change(self._fill))
        self._fill()

    def _fill(self) -> None:
        self.table.set_rows(self._posts.all)
