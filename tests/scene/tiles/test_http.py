"""Tilesets over HTTP from a real server on the loopback: well-behaved, busy, and hostile."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.scene.refusal import SceneRefused
from console.scene.tiles import http as http_module
from console.scene.tiles.address import joined, shown
from console.scene.tiles.http import HttpSource, Times
from console.scene.tiles.source import FolderSource
from tests.support.tilesets import DAYANTA, SAMPLES, unfold
from tests.support.web_site import Handler, Site, drip, serving

BRIEF = Times(connect=2.0, stall=0.3, whole=0.5)


@pytest.fixture
def make_site() -> Iterator[Callable[[Path], Site]]:
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(serving(folder))


@pytest.fixture
def site(make_site: Callable[[Path], Site], tmp_path: Path) -> Site:
    return make_site(tmp_path)


def refusal(source: HttpSource, uri: str = "a.glb") -> SceneRefused:
    with pytest.raises(SceneRefused) as caught:
        source.read(source.resolve(source.start, uri))
    assert "secret" not in str(caught.value) + caught.value.message.zh_CN + repr(source)
    return caught.value


def test_a_tileset_comes_whole_over_one_connection(make_site: Callable[[Path], Site]) -> None:
    site = make_site(DAYANTA)
    tree, contents, refusals = unfold(HttpSource(f"{site.url}/tileset.json"))
    assert (len(tree), refusals) == (179, [])
    assert sum(each.triangles for found in contents.values() for each in found) == 106_617
    assert site.connections == 1


def test_implicit_tiles_and_their_subtrees_come_too(make_site: Callable[[Path], Site]) -> None:
    folder = SAMPLES / "1.1/SparseImplicitQuadtree"
    over_http = unfold(HttpSource(f"{make_site(folder).url}/tileset.json"))
    tree, contents, refusals = unfold(FolderSource(folder))
    assert (len(over_http[0]), len(over_http[1]), over_http[2]) == (len(tree), len(contents), refusals)


def test_token_and_headers_reach_every_file_of_their_server_and_nobody_else(
    make_site: Callable[[Path], Site], tmp_path: Path
) -> None:
    site, other = make_site(tmp_path), make_site(tmp_path)
    (tmp_path / "a.glb").write_bytes(b"tile")
    site.answers["/moved.glb"] = lambda h: h.give(b"", 302, Location=f"{other.url}/a.glb")
    source = HttpSource(f"{site.url}/t.json?token=secret&v=1", {"X-Key": "secret"}, hosts=["127.0.0.1"])
    assert source.read(source.resolve(source.start, "a.glb?v=2&session=s")) == b"tile"
    assert site.asked[0][1] == "v=2&session=s&token=secret" and site.asked[0][2]["X-Key"] == "secret"
    for uri in ("moved.glb", f"{other.url}/a.glb"):
        assert source.read(source.resolve(source.start, uri)) == b"tile"
    for path, query, headers in other.asked:
        assert (path, query) == ("/a.glb", "") and "secret" not in str(headers)
    assert "secret" not in repr(source)


def test_a_name_and_password_in_the_address_become_a_header(site: Site) -> None:
    site.answers["/t.json"] = lambda h: h.give(b"{}")
    source = HttpSource(site.url.replace("//", "//user:secret%40@") + "/t.json")
    assert source.read(source.start) == b"{}"
    assert site.asked[0][2]["Authorization"] == "Basic dXNlcjpzZWNyZXRA"
    assert "secret" not in source.start


@pytest.mark.parametrize(
    "uri",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "http://elsewhere.example/a?token=secret",
        "//elsewhere/a",
        "https://[::1/a",
        "http://127.0.0.1:0/a",
        "a" * 9000,
        "http://127.0.0.1@elsewhere.example/",
        "data:,x",
    ],
)
def test_references_to_other_servers_and_kinds_are_refused_before_anything_is_sent(
    site: Site, uri: str
) -> None:
    source = HttpSource(f"{site.url}/t.json?token=secret")
    error = refusal(source, uri)
    assert not error.again and site.asked == []


@pytest.mark.parametrize("place", ["file:///etc/passwd", "http://elsewhere.example/x", "gopher://127.0.0.1/"])
def test_redirects_lead_where_references_may(site: Site, place: str) -> None:
    site.answers["/a.glb"] = lambda h: h.give(b"", 301, Location=place)
    assert not refusal(HttpSource(f"{site.url}/t.json")).again
    assert len(site.asked) == 1


def test_redirects_end_somewhere(site: Site) -> None:
    site.answers["/a.glb"] = lambda h: h.give(b"", 307, Location="/a.glb")
    assert "redirected too often" in str(refusal(HttpSource(f"{site.url}/t.json")))
    assert len(site.asked) == http_module.MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    ("status", "again"),
    [
        *((status, False) for status in (404, 410, 401, 403, 400, 206)),
        *((s, True) for s in (408, 429, 500, 503)),
    ],
)
def test_what_is_gone_is_told_from_what_may_come_yet(site: Site, status: int, again: bool) -> None:
    site.answers["/a.glb"] = lambda h: h.give(b"sorry", status)
    error = refusal(HttpSource(f"{site.url}/t.json?token=secret", {"Authorization": "Bearer secret"}))
    assert error.again == again and "/a.glb" in error.message.zh_CN


def test_nobody_there_may_be_there_later() -> None:
    assert refusal(HttpSource("http://127.0.0.1:1/t.json?token=secret", times=BRIEF)).again


def test_packed_bodies_are_unpacked_whoever_packed_them(site: Site) -> None:
    tile = b"tile" * 100
    site.answers["/a"] = lambda h: h.give(gzip.compress(tile), Content_Encoding="gzip")
    site.answers["/b"] = lambda h: h.give(gzip.compress(tile))
    site.answers["/c"] = lambda h: h.give(gzip.compress(gzip.compress(tile)), Content_Encoding="gzip")
    source = HttpSource(f"{site.url}/t.json")
    assert {source.read(source.resolve(source.start, name)) for name in "abc"} == {tile}
    site.answers["/d"] = lambda h: h.give(gzip.compress(tile)[:-9], Content_Encoding="gzip")
    site.answers["/e"] = lambda h: h.give(zlib.compress(tile), Content_Encoding="deflate")
    for name in "de":
        assert not refusal(source, name).again


@pytest.mark.parametrize(
    ("head", "piece", "pause"),
    [
        (b"Content-Length: 1000000\r\n\r\n", b"x", 0.05),
        (b"Connection: close\r\n\r\n", b"x", 0.05),
        (b"X: ", b"x", 0.05),
        (b"Content-Length: 9\r\n\r\n12345", b"", 0.05),
    ],
    ids=["body", "body without a length", "headers", "nothing more"],
)
def test_a_slow_drip_ends_in_time_and_may_be_tried_again(
    site: Site, head: bytes, piece: bytes, pause: float
) -> None:
    site.answers["/a.glb"] = drip(head, piece, pause)
    assert refusal(HttpSource(f"{site.url}/t.json", times=BRIEF)).again


def test_a_body_without_end_is_refused_by_its_size(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.scene.tiles.source.MAX_FILE", 1 << 20)
    site.answers["/a.glb"] = drip(b"Connection: close\r\n\r\n", bytes(1 << 16), 0.0)
    source = HttpSource(f"{site.url}/t.json")
    assert "too large" in str(refusal(source))
    site.answers["/a.glb"] = drip(b"Content-Length: 99999999999\r\n\r\n", b"", 0.05)
    assert "too large" in str(refusal(source))
    bomb = gzip.compress(bytes(1 << 21))
    site.answers["/a.glb"] = lambda h: h.give(bomb, Content_Encoding="gzip")
    assert "too large" in str(refusal(source))


def test_a_length_that_lies_gives_no_half_tile_and_spoils_no_other(site: Site) -> None:
    def short(handler: Handler) -> None:
        handler.give(b"12345", Content_Length="9")
        handler.close_connection = True

    site.answers["/a.glb"] = short
    site.answers["/b.glb"] = lambda h: h.give(
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", Content_Length="0"
    )
    (site.folder / "c.glb").write_bytes(b"tile")
    source = HttpSource(f"{site.url}/t.json")
    assert refusal(source).again
    source.read(source.resolve(source.start, "b.glb"))
    assert source.read(source.resolve(source.start, "c.glb")) == b"tile"


def test_closing_ends_reads_under_way(site: Site) -> None:
    site.answers["/a.glb"] = drip(b"Content-Length: 9\r\n\r\n", b"", 0.02)
    source = HttpSource(f"{site.url}/t.json")
    found: list[SceneRefused] = []
    thread = threading.Thread(target=lambda: found.append(refusal(source)))
    thread.start()
    while not site.asked:
        time.sleep(0.01)
    source.close()
    thread.join(5)
    assert [str(error) for error in found] == ["the source is closed"]
    assert str(refusal(source)) == "the source is closed"


def test_a_header_that_smuggles_another_is_refused() -> None:
    for headers in ({"X": "secret\r\nHost: evil"}, {"X\n": "secret"}, {"X": "密钥 secret"}):
        with pytest.raises(SceneRefused) as caught:
            HttpSource("http://127.0.0.1/t.json", headers)
        assert "secret" not in str(caught.value)


@given(st.one_of(st.text(max_size=60), st.from_regex(r"(https?:)?//?[a.:@/?#&=\[\]%\\-]{0,20}")))
def test_any_reference_stays_on_its_server_or_is_refused(uri: str) -> None:
    source = HttpSource("https://a.example/b/t.json?token=secret")
    try:
        key = source.resolve(source.start, uri)
    except SceneRefused as error:
        assert "secret" not in str(error)
    else:
        assert key.startswith(("https://a.example/", "https://a.example?", "https://a.example:443")), key


def test_addresses_are_joined_as_browsers_do_and_shown_without_secrets() -> None:
    base = "https://a.example/b/t.json?token=1"
    assert joined(base, "../c d.glb#x") == "https://a.example/c%20d.glb?token=1"
    assert joined(base, "https://a.example:443/c") == "https://a.example:443/c?token=1"
    assert joined(base, "https://a.example:444/c") == "https://a.example:444/c"
    assert joined(base, "http://a.example/c") == "http://a.example/c", "never by http what came by https"
    assert joined("http://a.example/t?k=1", "https://a.example/c") == "https://a.example/c?k=1"
    assert shown("https://u:p@a.example/b?token=1#x") == "https://a.example/b"
