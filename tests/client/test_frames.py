"""Frames: nothing that the network sends may do worse than close the line."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.client.frames import DeltaFrame, FrameDecoder, FrameError, PositionsFrame, SnapshotFrame
from console.model.records import Staff

decoder = FrameDecoder()
STAFF = Staff(id="s1", handle=1, name="张三", area="320302", version=3)


def pack(message: object, *, text: bool) -> bytes | str:
    return msgspec.json.encode(message).decode() if text else msgspec.msgpack.encode(message)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def swallow(data: bytes | str) -> None:
    """All that the feed does with a frame."""
    try:
        frame = decoder.frame(data)
        if isinstance(frame, SnapshotFrame):
            for name, raw in frame.records.items():
                decoder.records(name, raw, text=isinstance(data, str))
            decoder.positions(frame.positions)
        elif isinstance(frame, DeltaFrame):
            decoder.changes(frame, text=isinstance(data, str))
        elif isinstance(frame, PositionsFrame):
            decoder.positions(frame.cols)
    except FrameError:
        pass


@given(st.binary() | st.text())
def test_rubbish_is_an_error_at_most(data) -> None:
    swallow(data)


@given(
    st.sampled_from(["snapshot", "delta", "pos", "pong", "bye", "news"]),
    st.dictionaries(
        st.sampled_from(["seq", "records", "cols", "positions", "time", "stream", "n"]), anything
    ),
)
def test_well_formed_nonsense_is_an_error_at_most(kind, content) -> None:
    swallow(msgspec.msgpack.encode({"t": kind, **content}, enc_hook=str) if _packs(content) else b"")


def _packs(content: object) -> bool:
    try:
        msgspec.msgpack.encode(content)
    except (OverflowError, msgspec.MsgspecError):
        return False
    return True


@pytest.mark.parametrize("text", [False, True])
def test_unknown_types_fields_and_values_of_a_newer_server_cost_nothing_else(text) -> None:
    rows = [STAFF, {"id": "s2", "name": "no handle"}, {**msgspec.to_builtins(STAFF), "badge": 7, "id": "s3"}]
    snapshot = {"t": "snapshot", "stream": "a", "seq": 1, "time": 1.0, "positions": {}}
    frame = decoder.frame(pack({**snapshot, "records": {"staff": rows, "drone": [1]}}, text=text))
    assert isinstance(frame, SnapshotFrame)
    found = {name: decoder.records(name, raw, text=text) for name, raw in frame.records.items()}
    assert [record.id for record in found["staff"]] == ["s1", "s3"]
    assert found["drone"] == []
    assert decoder.frame(pack({"t": "news", "seq": "?"}, text=text)) is None


@pytest.mark.parametrize("text", [False, True])
def test_changes_keep_their_order(text) -> None:
    records = [
        ["put", "staff", "s1", STAFF],
        ["put", "drone", "d", {}],
        ["drop", "staff", "s1", None],
        ["fly", "staff", "s1", None],
    ]
    frame = decoder.frame(pack({"t": "delta", "seq": 9, "records": records}, text=text))
    assert isinstance(frame, DeltaFrame)
    assert [(c.id, c.record) for c in decoder.changes(frame, text=text)] == [("s1", STAFF), ("s1", None)]


def test_a_bomb_of_nested_lists_is_refused() -> None:
    with pytest.raises(FrameError):
        decoder.frame(b"\x91" * 100_000)
    with pytest.raises(FrameError):
        decoder.frame("[" * 100_000)
