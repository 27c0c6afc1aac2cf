"""Profiles, sections and volumes for plugins: implements ``console.sdk.scene_survey.SceneSurvey``.

Light before the first question. Each question has a process of its own, which is killed when nobody waits
for it any more: however deep it is in a file, it holds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot

from console.model.text import Text
from console.scene.earthwork.question import Question, Surroundings
from console.sdk.errors import OneMapError
from console.sdk.scene_place import ScenePlace
from console.sdk.scene_survey import OnProgress, SceneProfile, SceneSection, SceneVolume
from console.sdk.ui.words import said
from console.tasks.pending import Pending

if TYPE_CHECKING:
    from console.scene.earthwork.asked import Found

POLL = 0.05
"""Seconds within which a cancel is seen."""
_ENDED = Text(
    "计算进程意外终止(内存可能不足),请缩小范围后重试",
    "the process that worked it out has ended (out of memory?): take a smaller area",
)


class SurveyDesk(QObject):
    """One question at a time; others wait for their turn."""

    _said = Signal(object, float)

    def __init__(self, around: Callable[[], Surroundings]) -> None:
        """*around*: what is in the scene now."""
        super().__init__()
        self._around = around
        self._pool: ThreadPoolExecutor | None = None
        self._closed = Event()
        self._waiting: set[Future[Any]] = set()
        self._kept: tuple[Question, Found] | None = None
        """The last area."""
        self._said.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    async def profile(
        self, line: Sequence[ScenePlace], *, on_progress: OnProgress | None = None
    ) -> SceneProfile:
        """See ``SceneSurvey``."""
        return _profile(await self._ask(self._question("profile", line), on_progress))

    async def section(
        self, line: Sequence[ScenePlace], *, on_progress: OnProgress | None = None
    ) -> SceneSection:
        """See ``SceneSurvey``."""
        found = await self._ask(self._question("section", line), on_progress)
        assert found.pieces is not None
        return SceneSection(along=found.pieces[..., 0], height=found.pieces[..., 1], profile=_profile(found))

    async def volume(
        self,
        area: Sequence[ScenePlace],
        *,
        base: float | None = None,
        on_progress: OnProgress | None = None,
    ) -> SceneVolume:
        """See ``SceneSurvey``."""
        question = self._question("volume", area)
        if self._kept is None or self._kept[0] != question:
            self._kept = None  # two of them need not fit into memory
            self._kept = question, await self._ask(question, on_progress)
        found = self._kept[1]
        return await self._job(lambda _: _volume(found, base))

    def close(self) -> None:
        """End what is under way; who waits for it, or for their turn, is told that it was cancelled."""
        self._closed.set()
        for future in list(self._waiting):
            future.cancel()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)  # a process is killed within POLL
            self._pool = None

    def _question(
        self, kind: Literal["profile", "section", "volume"], places: Sequence[ScenePlace]
    ) -> Question:
        if not places:
            raise OneMapError(said(Text("没有选择任何点", "no places were given")))
        lonlat = tuple((place.lon, place.lat) for place in places)
        return Question(kind, lonlat, round(places[0].height, 3), self._around())

    async def _ask(self, question: Question, on_progress: OnProgress | None) -> Found:
        def tell(done: float) -> None:
            if on_progress is not None:
                self._said.emit(on_progress, done)

        return await self._job(lambda given_up: _asked(question, tell, given_up))

    async def _job(self, job: Callable[[Callable[[], bool]], Any]) -> Any:
        """*job* gets whether it was given up. Cancelling the awaiting coroutine gives it up."""
        if self._pool is None:
            self._closed.clear()
            self._pool = ThreadPoolExecutor(1, "scene-survey")
        future: Future[Any] = Future()

        def work() -> None:
            try:
                found = job(lambda: future.cancelled() or self._closed.is_set())
                _settle(future, lambda: future.set_result(found))
            except Exception as error:
                trouble = error
                _settle(future, lambda: future.set_exception(trouble))

        self._pool.submit(work)
        self._waiting.add(future)
        try:
            return await Pending(future)
        finally:
            self._waiting.discard(future)

    @Slot(object, float)
    def _tell(self, on_progress: OnProgress, done: float) -> None:
        on_progress(done)


def _settle(future: Future[Any], act: Callable[[], None]) -> None:
    """Unless nobody waits any more."""
    if future.set_running_or_notify_cancel():
        act()


def _asked(question: Question, tell: Callable[[float], None], given_up: Callable[[], bool]) -> Found:
    """Raises OneMapError, in the user's words."""
    from multiprocessing import get_context

    from console.scene.earthwork.asked import Found, answer_process

    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=answer_process, args=(question, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        while True:
            if given_up():
                raise CancelledError
            if not ours.poll(POLL):
                continue
            heard = ours.recv()
            if isinstance(heard, Found):
                return heard
            if isinstance(heard, Text):
                raise OneMapError(said(heard))
            tell(heard)
    except EOFError as error:
        raise OneMapError(said(_ENDED)) from error
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def _profile(found: Found) -> SceneProfile:
    assert found.profile is not None
    line = found.profile
    return SceneProfile(
        along=line.along,
        lon=line.lon,
        lat=line.lat,
        surface=line.surface,
        ground=line.ground,
        length=found.length,
        detail=found.detail,
        unread=found.unread,
    )


def _volume(found: Found, base: float | None) -> SceneVolume:
    from console.scene.earthwork.volume import earthwork, edge_plane
    from console.scene.refusal import SceneRefused

    assert found.sampled is not None
    try:
        plane = edge_plane(found.sampled) if base is None else (base, 0.0, 0.0)
    except SceneRefused as error:
        raise OneMapError(said(error.message)) from error
    work = earthwork(found.sampled, plane)
    return SceneVolume(
        cut=work.cut,
        fill=work.fill,
        cut_error=work.cut_error,
        fill_error=work.fill_error,
        area=work.area,
        covered=work.covered,
        lowest=work.lowest,
        mean=work.mean,
        highest=work.highest,
        base=(work.base_lowest, work.base_highest),
        step=work.step,
        detail=found.detail,
        unread=found.unread,
    )
