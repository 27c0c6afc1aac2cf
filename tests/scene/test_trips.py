"""What plugins do with views and flights: record, fly through poses, keep as a file."""

from __future__ import annotations

import pytest

from console.scene.frame import Frame
from console.scene.hands import Flight, Navigator, World
from console.scene.pose import Pose
from console.scene.trips import Trips, meant, told
from console.sdk.errors import OneMapError
from console.sdk.scene import ScenePose, SceneView

TOWER = ScenePose(lon=108.96, lat=34.22, height=420.0, heading=350.0, tilt=60.0, distance=300.0)
GATE = ScenePose(lon=108.98, lat=34.22, height=410.0, heading=20.0, tilt=70.0, distance=150.0)


class Window:
    """A view that is moved by hand."""

    def __init__(self) -> None:
        self.navigator = Navigator(World(Frame(108.96, 34.22)), meant(TOWER))

    @property
    def pose(self) -> Pose:
        return self.navigator.pose

    def play(self, flight: Flight) -> None:
        self.navigator.play(flight, 0.0)


def test_where_the_view_went_is_recorded_from_its_first_pose_on():
    window = Window()
    trips = Trips(lambda: window)  # type: ignore[arg-type, return-value]
    trips.moved()
    assert not trips.recording and trips.recorded("x") is None
    trips.record()
    assert trips.recording
    window.navigator.show(meant(GATE))
    trips.moved()
    flight = trips.recorded("巡查")
    assert flight is not None and not trips.recording
    assert [told(key.pose) for key in flight.keys] == [TOWER, GATE]
    trips.record()
    assert trips.recorded("nothing moved") is None


def test_a_flight_through_poses_is_played_in_the_view():
    window = Window()
    trips = Trips(lambda: window)  # type: ignore[arg-type, return-value]
    flight = trips.through("两处", [TOWER, GATE])
    assert flight.ends and 3 < flight.seconds < 60
    window.navigator.show(Pose(0, 0))
    trips.play(flight)
    window.navigator.tick(0.0)
    assert told(window.pose) == TOWER
    assert not window.navigator.tick(flight.seconds + 1)
    assert told(window.pose) == GATE
    circle = trips.through("环绕", [TOWER, GATE], circle=True)
    assert not circle.ends and circle.seconds > flight.seconds
    with pytest.raises(ValueError, match="two poses"):
        trips.through("一处", [TOWER])
    Trips(lambda: None).play(flight)  # no view is open: nothing happens


def test_what_is_packed_is_unpacked_and_a_wrong_file_is_told_of():
    trips = Trips(lambda: None)
    flight = trips.through("两处", [TOWER, GATE]).renamed("新名")
    views, flights = trips.unpack(trips.pack([SceneView(name="塔", pose=TOWER)], [flight]))
    assert views == [SceneView(name="塔", pose=TOWER)] and flights == [flight]
    assert flights[0].name == "新名"
    with pytest.raises(OneMapError, match=r"no file of 3D views|这不是三维视图"):
        trips.unpack(b"{}")
