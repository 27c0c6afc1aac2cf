"""How one moves in a scene: pure maths on poses, without Qt and VTK.

``Navigator`` turns hands into poses; ``World`` is what it knows of the scene; flights and named views are
kept by ``kept``; ``map_link`` takes centre and scale of a map over and gives them back.
"""

from console.scene.hands.flight import Flight, Key, Recorder
from console.scene.hands.kept import Kept, NamedView, dump, load
from console.scene.hands.map_link import map_of_pose, map_zoom, pose_of_map
from console.scene.hands.navigator import Navigator
from console.scene.hands.seen_ground import SeenGround
from console.scene.hands.walking import Drive
from console.scene.hands.world import World

__all__ = [
    "Drive",
    "Flight",
    "Kept",
    "Key",
    "NamedView",
    "Navigator",
    "Recorder",
    "SeenGround",
    "World",
    "dump",
    "load",
    "map_of_pose",
    "map_zoom",
    "pose_of_map",
]
