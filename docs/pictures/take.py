"""Take the pictures of README and guides from the real program.

    xvfb-run -a -s "-screen 0 1920x1080x24" .venv/bin/python docs/pictures/take.py

Starts the demo district with its backend and field staff, plays the main job in
the window and grabs it at each step. Nothing is drawn by hand.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from console.app import Console, ConsoleOptions
from console.cli.demo import running_demo
from console.paths import log_dir
from console.sdk.records import Event, Order, OrderState
from console.shell.application import make_application

FOLDER = Path(__file__).parent


class Photographer:
    """Drives one window through its commands and saves what it shows."""

    def __init__(self, url: str, ticket: object, language: str, theme: str) -> None:
        self._app = make_application("auto")
        options = ConsoleOptions(
            base_url=url, ticket=ticket, language=language, theme=theme, geometry=(1920, 1080)
        )
        self._console = Console(self._app, options, log_dir() / "pictures.log")
        self.host = self._console._services.host
        self.live = self._console._store
        self.selection = self._console._services.selection
        self.map = self._console._map.facet
        self._console.show()

    def wait(self, seconds: float) -> None:
        """Let the program work."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.005)

    def until(self, ready: Callable[[], bool], seconds: float = 90.0) -> None:
        """Wait for *ready*; raises TimeoutError."""
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                raise TimeoutError("the program did not come so far")
            self.wait(0.2)

    def take(self, name: str) -> None:
        """Save the window."""
        path = FOLDER / f"{name}.png"
        self._console._window.grab().save(str(path))
        print(path.relative_to(FOLDER.parents[1]))

    def order_in(self, *states: OrderState) -> Callable[[], bool]:
        """Whether some order is in one of *states*."""

        def ready() -> bool:
            orders: list[Order] = list(self.live.collection("order").all())
            return any(order.state in states for order in orders)

        return ready

    def close(self) -> None:
        """End the console."""
        self._console.close()


def play(camera: Photographer) -> None:
    """The main job: the district, an event, the ranked list, the way there."""
    camera.until(lambda: len(camera.live.positions.columns()) > 400)
    camera.wait(8)
    camera.take("main")
    events: list[Event] = sorted(camera.live.collection("event").all(), key=lambda e: e.id)
    event = next(e for e in events if e.urgency == "critical")
    camera.selection.select("event", event.id)
    camera.map.center_on(*event.where, 16)
    camera.host.panels.show("onemap.dispatch.dispatch")
    camera.wait(6)
    camera.take("dispatch")
    camera.host.commands.run("onemap.dispatch.send")
    camera.until(camera.order_in(OrderState.UNDER_WAY, OrderState.REFUSED))
    camera.wait(4)
    camera.take("under-way")


def main() -> int:
    """Pictures of the dark Chinese window, then one of the light English one."""
    with tempfile.TemporaryDirectory() as folder, running_demo(seed=1, pace=2.0) as backend:
        # The window of a first start, whatever the user of this machine has arranged.
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_DATA_HOME"] = folder
        camera = Photographer(backend.url, backend.sign_in(), "zh_CN", "dark")
        play(camera)
        camera.host.panels.show("onemap.staff.staff")
        camera.wait(3)
        camera.take("staff")
        camera._console._services.language.set("en")
        camera._console._services.theme.set("light")
        camera.wait(6)
        camera.take("light-en")
        camera.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
