"""Links to a view: what they say, and that hostile ones say nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sdk.view_link import LONGEST, MOST_LAYERS, LinkError, ViewLink, is_link, read_link, write_link

DRUM_TOWER = "onemap://view?lon=117.1834&lat=34.2665&zoom=15.5&layers=roads,onemap.staff.staff"


def test_a_link_says_place_zoom_and_layers() -> None:
    link = read_link(f"  {DRUM_TOWER}\n")
    assert link == ViewLink(lon=117.1834, lat=34.2665, zoom=15.5, layers=("roads", "onemap.staff.staff"))
    assert read_link("ONEMAP://view/?lat=-34&lon=0&zoom=3").layers == ()


def test_what_is_written_is_read_again() -> None:
    link = ViewLink(lon=-0.1234567, lat=51.5, zoom=12.0, layers=("道路 1", "a.b:c-d"))
    assert read_link(write_link(link)) == link


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://view?lon=1&lat=1&zoom=1",
        "onemap://run?lon=1&lat=1&zoom=1",
        "onemap://user@view?lon=1&lat=1&zoom=1",
        "onemap://view:80?lon=1&lat=1&zoom=1",
        "onemap://view/etc/passwd?lon=1&lat=1&zoom=1",
        "onemap://view?lon=1&lat=1&zoom=1#fragment",
        "onemap://view?lon=181&lat=1&zoom=1",
        "onemap://view?lon=nan&lat=1&zoom=1",
        "onemap://view?lon=1e2&lat=1&zoom=1",
        "onemap://view?lon=1&lat=90&zoom=1",
        "onemap://view?lon=1&lat=1&zoom=-1",
        "onemap://view?lon=1&lat=1&zoom=23",
        "onemap://view?lon=1&lon=2&lat=1&zoom=1",
        "onemap://view?lat=1&zoom=1",
        "onemap://view?lon=1&lat=1&zoom=1&layers=a,,b",
        "onemap://view?lon=1&lat=1&zoom=1&layers=<script>",
        "onemap://view?lon=1&lat=1&zoom=1&layers=" + ",".join(f"l{n}" for n in range(MOST_LAYERS + 1)),
        "onemap://view?lon=1&lat=1&zoom=1&x=" + "a" * LONGEST,
        "onemap://view?lon=1&lat=1&zoom=1\nrm",
        "onemap://view?lon=1&lat=1&zoom=1&layers=%ff%fe",
    ],
    ids=range(21),
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(LinkError):
        read_link(text)


@given(st.one_of(st.text(max_size=300), st.text(max_size=200).map(lambda tail: "onemap://view?" + tail)))
def test_any_text_is_a_link_or_refused(text: str) -> None:
    try:
        link = read_link(text)
    except LinkError:
        return
    assert is_link(text)
    assert all(math.isfinite(value) for value in (link.lon, link.lat, link.zoom))
    assert len(link.layers) <= MOST_LAYERS


@given(
    st.builds(
        ViewLink,
        lon=st.floats(-180, 180),
        lat=st.floats(-85, 85),
        zoom=st.integers(4, 44).map(lambda half: half / 2),
        layers=st.lists(st.text(min_size=1, max_size=200), max_size=150).map(tuple),
    )
)
def test_any_view_can_be_linked_to(link: ViewLink) -> None:
    text = write_link(link)
    again = read_link(text)
    assert len(text) <= LONGEST
    assert (again.lon, again.lat) == pytest.approx((link.lon, link.lat), abs=1e-6)
    assert again.zoom == link.zoom
    assert set(again.layers) <= set(link.layers)
