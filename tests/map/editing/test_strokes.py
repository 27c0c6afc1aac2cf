"""Whatever a hand does, nothing is lost: everything can be taken back, and neighbours keep their border."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from console.map.editing.board import Board
from console.map.editing.history import DEEPEST, History
from console.map.editing.strokes import (
    appended,
    edges,
    inserted,
    moved,
    removed,
    rounded,
    settled,
    shifted,
    spot,
    vertices,
)
from console.sdk.editing import Sketch

SIDE = 0.001
degrees = st.floats(-0.0004, 0.0004).map(lambda value: round(value, 7))


def cell(column: int, row: int, hole: bool = False) -> Sketch:
    """A square of a board of squares that share borders."""
    x, y = 117.2 + column * SIDE, 34.26 + row * SIDE
    corners = ((x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE))
    ring = tuple(rounded(place) for place in corners)
    inner = tuple(rounded((a * 0.5 + (x + SIDE / 2) * 0.5, b * 0.5 + (y + SIDE / 2) * 0.5)) for a, b in ring)
    return Sketch(kind="polygon", points=ring, holes=(inner,) if hole else ())


NEIGHBOURS = (cell(0, 0), cell(1, 0, hole=True), cell(0, 1), cell(1, 1))


@st.composite
def strokes(draw):
    """A board of four squares after some strokes of each kind, and how many states that made."""
    board = Board(NEIGHBOURS, None)
    for _ in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from(["move", "insert", "remove", "whole"]))
        spots = list(vertices(board.shown))
        where = draw(st.sampled_from(spots))
        if kind == "move":
            board.take(where)
            x, y = vertices(board.shown)[where]
            board.hold_at(rounded((x + draw(degrees), y + draw(degrees))))
            board.put_down()
        elif kind == "insert":
            edge, (a, b) = draw(st.sampled_from(list(edges(board.shown).items())))
            board.take_edge(edge, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2))
            board.put_down()
        elif kind == "remove":
            board.chosen = where
            board.remove()
        else:
            board.take_whole(draw(st.integers(0, 3)), (117.2, 34.26))
            board.hold_at((117.2 + draw(degrees), 34.26 + draw(degrees)))
            board.put_down()
    return board


@given(strokes())
def test_all_that_was_done_can_be_taken_back_and_done_again(board: Board):
    end = board.shown
    while board.history.changed:
        board.undo()
    assert board.shown == NEIGHBOURS
    while board.history.redo():
        pass
    assert board.shown == end


@given(strokes())
def test_no_polygon_falls_below_three_corners_and_none_is_lost(board: Board):
    assert len(board.shown) == len(NEIGHBOURS)
    for sketch in board.shown:
        assert all(len(ring) >= 3 for ring in sketch.rings)
        for ring in sketch.rings:
            assert all(spot(a) != spot(b) for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))


@given(st.data(), degrees, degrees)
def test_a_moved_vertex_moves_for_all_who_share_it_and_no_other_does(data, lon, lat):
    where = data.draw(st.sampled_from(list(vertices(NEIGHBOURS))))
    x, y = vertices(NEIGHBOURS)[where]
    goal = rounded((x + lon, y + lat))
    after = moved(NEIGHBOURS, {where: goal})
    for before, now in zip(NEIGHBOURS, after, strict=True):
        for ring, other in zip(before.rings, now.rings, strict=True):
            assert other == tuple(goal if spot(place) == where else place for place in ring)


@given(st.data())
def test_a_vertex_comes_into_all_rings_of_its_edge_and_goes_again(data):
    edge, (a, b) = data.draw(st.sampled_from(list(edges(NEIGHBOURS).items())))
    place = rounded(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2))
    more = inserted(NEIGHBOURS, edge, place)
    shared = sum(set(edge) <= {spot(p) for p in ring} for sketch in NEIGHBOURS for ring in sketch.rings)
    count = sum(len(ring) for sketch in more for ring in sketch.rings)
    assert count == sum(len(ring) for sketch in NEIGHBOURS for ring in sketch.rings) + shared
    assert removed(more, spot(place)) == NEIGHBOURS


def test_a_whole_takes_shared_corners_of_its_neighbours_along():
    after = shifted(NEIGHBOURS, 0, -0.0002, 0.0)
    assert {spot(p) for p in after[0].points} & {spot(p) for p in after[1].points}
    assert after[3].points[0] != NEIGHBOURS[3].points[0], "the middle is a corner of all four"
    assert after[3].points[2] == NEIGHBOURS[3].points[2]


def test_a_line_keeps_two_ends_and_a_hole_may_go():
    line = (Sketch(kind="line", points=((0.0, 0.0), (1.0, 1.0))),)
    assert removed(line, spot((1.0, 1.0))) is None
    assert edges(line) and inserted(line, next(iter(edges(line))), (0.5, 0.5))[0].points[1] == (0.5, 0.5)
    holed = (replace(cell(0, 0), holes=(((117.2002, 34.2602), (117.2004, 34.2602), (117.2003, 34.2604)),)),)
    less = removed(holed, spot((117.2003, 34.2604)))
    assert less is not None and less[0].holes == ()


def test_corners_dropped_on_their_neighbours_become_one():
    square = (cell(0, 0),)
    a, b = square[0].points[:2]
    merged = settled(moved(square, {spot(a): b}))
    assert merged is not None and len(merged[0].points) == 3
    triangle = (replace(square[0], points=square[0].points[:3]),)
    assert settled(moved(triangle, {spot(a): b})) is None


def test_the_start_stays_however_much_is_done():
    history = History(())
    for number in range(DEEPEST + 40):
        history.put(appended((Sketch(kind="line"),), 0, (float(number), 0.0)))
    while history.undo():
        pass
    assert history.now == ()
