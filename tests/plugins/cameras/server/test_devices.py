"""Devices of whatever driver: added, asked for their channels, their channels made cameras."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from console.model.records import CameraKind
from console.simulation.heads import SimulatedDriver
from plugins.cameras.server.devices.driver import Channel, DeviceFault, Fault, VideoDevice
from plugins.cameras.server.streams import Streams
from plugins.cameras.server.tables import VideoDeviceRow
from tests.plugins.city import DISTRICT, EAST, WEST, City

ADDRESS = "http://192.0.2.7:8080/onvif/device_service"
SECRET = "p:4ss&wörd"


class ToldDriver(SimulatedDriver):
    """Offers what it was told to, to who knows the password."""

    name = "told"

    def __init__(self) -> None:
        super().__init__()
        self.offers: Sequence[Channel] = ()

    def channels(self, device: VideoDevice) -> Sequence[Channel]:
        if device.password != SECRET:
            raise DeviceFault(Fault.SIGN_IN)
        return self.offers

    def streams(self, device: VideoDevice, channel: str) -> Streams:
        return Streams(main=f"rtsp://192.0.2.7/{channel}", user=device.user, password=device.password)


@pytest.fixture(scope="module")
def driver(city: City, root: str) -> ToldDriver:
    """Known to the backend."""
    driver = ToldDriver()
    city.app.state.core.services.get("cameras.devices").register(driver)
    return driver


@pytest.fixture
def device(city: City, driver: ToldDriver) -> Iterator[str]:
    """The id of a device that offers two channels: one that says where it is, one that does not."""
    place = city.places[WEST][0]
    driver.offers = (
        Channel(id="a", name="东门球机", kind=CameraKind.PTZ, where=place, steerable=True, recorded=True),
        Channel(id="b", name="西门枪机"),
    )
    known = put(city)["id"]
    yield known
    city.call("root", "DELETE", f"/cameras/devices/{known}")


def put(city: City, who: str = "root", **more: Any) -> Any:
    body = {"driver": "told", "address": ADDRESS, "user": "admin", "password": SECRET, **more}
    return city.ok(who, "POST", "/cameras/devices", body)


def camera(city: City, camera_id: str) -> Any:
    return next(each for each in city.ok("whole", "GET", "/cameras") if each["id"] == camera_id)


def test_a_device_is_added_once_and_its_password_is_never_given_out(city: City, device: str) -> None:
    listed = city.call("root", "GET", "/cameras/devices")
    assert "told" in listed.json()["drivers"]
    assert "recorder" not in listed.json()["drivers"], "its channels must be said, too: another way in"
    mine = [each for each in listed.json()["devices"] if each["address"] == ADDRESS]
    assert [(each["id"], each["area"], each["signed"]) for each in mine] == [(device, DISTRICT, True)]
    assert SECRET not in listed.text and put(city)["id"] == device
    with city.app.state.core.database.read() as session:
        assert SECRET.encode() not in session.get_one(VideoDeviceRow, device).sealed


def test_a_sign_in_stays_when_none_is_said_and_goes_when_an_empty_one_is(city: City, device: str) -> None:
    put(city, user=None, password="", name="别名")
    assert len(city.ok("root", "GET", f"/cameras/devices/{device}/channels")) == 2
    put(city, user="", password="")
    refused = city.call("root", "GET", f"/cameras/devices/{device}/channels")
    assert (refused.status_code, refused.json()["code"]) == (503, "device_sign-in")


def test_channels_become_cameras_with_what_the_device_can(city: City, device: str) -> None:
    b = {"channel": "b", "name": "西门", "where": city.places[WEST][1], "owner": "公安"}
    link = {"channels": [{"channel": "a"}, b]}
    linked = city.ok("root", "POST", f"/cameras/devices/{device}/link", link)
    assert linked["rejected"] == [] and linked["cameras"].keys() == {"a", "b"}
    first, second = (camera(city, linked["cameras"][key]) for key in "ab")
    assert (first["name"], first["kind"], first["live"]) == ("东门球机", "ptz", True)
    assert (first["steerable"], first["recorded"], second["steerable"]) == (True, True, False)
    assert (second["name"], second["owner"]) == ("西门", "公安")
    again = city.ok("root", "POST", f"/cameras/devices/{device}/link", link)
    assert again == linked
    offered = city.ok("root", "GET", f"/cameras/devices/{device}/channels")
    assert {each["id"]: each["camera"] for each in offered} == linked["cameras"]
    ticket = city.ok("root", "POST", f"/cameras/{first['id']}/ticket", {"height": 900})
    assert (ticket["main"], ticket["user"]) == ("rtsp://192.0.2.7/a", "admin")


def test_a_channel_is_matched_to_the_camera_of_its_name(city: City, driver: ToldDriver, device: str) -> None:
    known = next(each for each in city.ok("root", "GET", "/cameras") if not each["live"])
    driver.offers = (Channel(id="x", name=known["name"]), Channel(id="nvr/" + known["id"], name="?"))
    offered = city.ok("root", "GET", f"/cameras/devices/{device}/channels")
    assert [each["maybe"] for each in offered] == [known["id"], known["id"]]
    wish = {"channels": [{"channel": "x", "camera": known["id"]}]}
    linked = city.ok("root", "POST", f"/cameras/devices/{device}/link", wish)
    assert linked["cameras"] == {"x": known["id"]} and camera(city, known["id"])["live"]
    city.ok("root", "POST", f"/cameras/devices/{device}/unlink", {"channel": "x"})
    assert not camera(city, known["id"])["live"]


def test_what_is_not_possible_is_told_and_the_rest_is_linked(city: City, device: str) -> None:
    wish = {"channels": [{"channel": "a"}, {"channel": "b"}, {"channel": "gone"}]}
    linked = city.ok("root", "POST", f"/cameras/devices/{device}/link", wish)
    assert list(linked["cameras"]) == ["a"]
    assert {each["channel"] for each in linked["rejected"]} == {"b", "gone"}
    assert all(each["reason"] and each["reason_zh"] for each in linked["rejected"])


def test_a_street_manages_its_own(city: City, device: str) -> None:
    assert device not in str(city.ok("root-east", "GET", "/cameras/devices"))
    assert city.call("root-east", "GET", f"/cameras/devices/{device}/channels").status_code == 404
    assert city.call("root-east", "DELETE", f"/cameras/devices/{device}").status_code == 404
    body = {"driver": "told", "address": ADDRESS}
    assert city.call("root-east", "POST", "/cameras/devices", body).status_code == 409
    body = {"driver": "told", "address": "http://192.0.2.8", "area": WEST}
    assert city.call("root-east", "POST", "/cameras/devices", body).status_code == 422
    mine = put(city, "root-east", address="http://192.0.2.9")
    assert mine["area"] == EAST
    wish = {"channels": [{"channel": "a"}]}  # it stands in west
    linked = city.ok("root-east", "POST", f"/cameras/devices/{mine['id']}/link", wish)
    assert linked["cameras"] == {} and len(linked["rejected"]) == 1
    assert city.call("root-east", "POST", "/cameras/devices/discover", {}).status_code == 403
    assert city.call("whole", "GET", "/cameras/devices").status_code == 403


@pytest.mark.parametrize(
    "address", ["", "ftp://192.0.2.7", "http://", "http://a:b@192.0.2.7", "http://192.0.2.7:99999"]
)
def test_an_address_that_is_none_is_refused(city: City, driver: ToldDriver, address: str) -> None:
    body = {"driver": "told", "address": address}
    answer = city.call("root", "POST", "/cameras/devices", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_address")


def test_a_forgotten_device_leaves_its_cameras_without_pictures(city: City, device: str) -> None:
    wish = {"channels": [{"channel": "a"}]}
    linked = city.ok("root", "POST", f"/cameras/devices/{device}/link", wish)
    city.ok("root", "DELETE", f"/cameras/devices/{device}")
    left = camera(city, linked["cameras"]["a"])
    assert (left["live"], left["steerable"], left["recorded"]) == (False, False, False)
    assert city.call("root", "DELETE", f"/cameras/devices/{device}").status_code == 404
