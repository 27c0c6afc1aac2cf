"""The posts and their layer. No widgets here, so it is tested without a window."""

from collections.abc import Callable
from dataclasses import dataclass

from console.sdk import Context, PointStyle, Severity, Sprite, SpriteShape

STYLE = PointStyle(sprites=[Sprite(shape=SpriteShape.PIN, fill="accent", size=18)])


@dataclass(frozen=True)
class Post:
    """A place that somebody looks after, WGS84 degrees."""

    number: str
    lon: float
    lat: float


class Posts:
    """Keeps the posts and shows them on the map."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._layer = ctx.map.add_points("$id.points", STYLE)
        self._layer.on_hover(lambda row: self.all[row].number)
        self._changed: list[Callable[[], None]] = []
        self.all: list[Post] = []

    async def add(self) -> None:
        """Let the user click a place; the handler waits, the window doesn't."""
        where = await self._ctx.map.pick_point(self._ctx.tr("Click where the post is to stand"))
        if where is None:
            return
        number = f"{self._ctx.settings.get('prefix')}{len(self.all) + 1}"
        self.all.append(Post(number, *where))
        self._show()
        self._ctx.notify(self._ctx.tr("Post {number} added", number=number), Severity.SUCCESS)

    def show(self, number: str) -> None:
        """Bring the post into the middle of the map."""
        post = next(post for post in self.all if post.number == number)
        self._ctx.map.center_on(post.lon, post.lat, 16)

    def on_change(self, handler: Callable[[], None]) -> Callable[[], None]:
        """Call *handler* when the posts changed; gives the undo."""
        self._changed.append(handler)
        return lambda: self._changed.remove(handler)

    def _show(self) -> None:
        self._layer.set_points([post.lon for post in self.all], [post.lat for post in self.all])
        self._ctx.panels.set_badge("$id.posts", str(len(self.all)))
        for handler in tuple(self._changed):
            handler()
