"""Which cameras a page shows, whatever is pinned or dies meanwhile."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugins.polling.desktop.walk import Walk

NAMES = [f"c{n}" for n in range(10)]


def pages(walk: Walk) -> list[list[str | None]]:
    """Of one round, from the page that is shown on."""
    found = [list(walk.page(walk.at))]
    while at := walk.after():
        walk.go(at)
        found.append(list(walk.page(at)))
    return found


def test_a_round_shows_each_once_and_keeps_the_tiles_of_the_last_page_small() -> None:
    walk = Walk(NAMES, 4)
    assert walk.count == 3
    assert pages(walk) == [NAMES[:4], NAMES[4:8], ["c8", "c9", None, None]]
    assert walk.number == 3 and walk.before() == 4
    walk.go(0)
    assert walk.before() == 8, "before the first comes the last"


def test_few_cameras_make_one_page_without_empty_tiles() -> None:
    walk = Walk(NAMES[:3], 9)
    assert pages(walk) == [NAMES[:3]] and walk.count == 1


def test_dead_ones_are_left_out_and_shown_when_that_is_wanted() -> None:
    walk = Walk(NAMES, 4)
    walk.offline, walk.silent = frozenset({"c1", "c9"}), {"c5"}
    walk.go(0)
    assert pages(walk) == [["c0", "c2", "c3", "c4"], ["c6", "c7", "c8", None]]
    walk.skip = False
    walk.go(0)
    assert pages(walk)[0] == NAMES[:4]


def test_a_pinned_one_stays_in_its_tile_and_the_others_go_on() -> None:
    walk = Walk(NAMES, 4)
    walk.pin(1, "c1")
    walk.go(walk.after())
    assert list(walk.page(walk.at)) == ["c4", "c1", "c5", "c6"]
    walk.pin(1, "c1")
    walk.go(walk.after())
    assert list(walk.page(walk.at)) == ["c7", "c8", "c9", None], "let go, nobody was left out"


def test_all_pinned_is_one_page() -> None:
    walk = Walk(NAMES, 2)
    walk.pin(0, "c0")
    walk.pin(1, "c1")
    assert walk.count == 1 and walk.after() == walk.at and list(walk.page(0)) == ["c0", "c1"]


@given(st.integers(0, 40), st.sampled_from([1, 4, 9, 16, 64]), st.sets(st.integers(0, 39)))
def test_every_living_camera_is_shown_once_a_round(count: int, tiles: int, dead: set[int]) -> None:
    cameras = [f"c{n}" for n in range(count)]
    walk = Walk(cameras, tiles)
    walk.offline = frozenset(f"c{n}" for n in dead)
    walk.go(0)
    shown = [each for page in pages(walk) for each in page if each]
    assert shown == [each for each in cameras if each not in walk.offline]
    assert walk.number == walk.count
