"""OSGB (OpenSceneGraph binary) as ContextCapture and its kin deliver it: files read into numpy arrays."""

from console.scene.osgb.model import Level, Mesh, Piece, RangeMode, Texture, Tile
from console.scene.osgb.read import read_osgb, read_osgb_file

__all__ = ["Level", "Mesh", "Piece", "RangeMode", "Texture", "Tile", "read_osgb", "read_osgb_file"]
