"""OSGB (OpenSceneGraph binary) as ContextCapture and its kin deliver it: files read into numpy arrays."""

from console.scene.osgb.errors import geometric_error, joined_error
from console.scene.osgb.looks import Look, looks_of
from console.scene.osgb.metadata import Metadata, Placement, find_metadata, parse_origin, read_metadata
from console.scene.osgb.model import Level, Mesh, Piece, RangeMode, Texture, Tile
from console.scene.osgb.models import Standing, model_of
from console.scene.osgb.pyramid import Delivery, FileNode, open_delivery, read_pyramid, resolve
from console.scene.osgb.read import read_osgb, read_osgb_file
from console.scene.osgb.site import Site, root_files, site_of, tops
from console.scene.osgb.streamed import open_pyramids

__all__ = [
    "Delivery",
    "FileNode",
    "Level",
    "Look",
    "Mesh",
    "Metadata",
    "Piece",
    "Placement",
    "RangeMode",
    "Site",
    "Standing",
    "Texture",
    "Tile",
    "find_metadata",
    "geometric_error",
    "joined_error",
    "looks_of",
    "model_of",
    "open_delivery",
    "open_pyramids",
    "parse_origin",
    "read_metadata",
    "read_osgb",
    "read_osgb_file",
    "read_pyramid",
    "resolve",
    "root_files",
    "site_of",
    "tops",
]
