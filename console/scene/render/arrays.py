"""Arrays to VTK without a copy; whoever holds the VTK object holds the array."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkTexture

from console.scene.gltf import Mode
from console.scene.stream.drawable import Batch, Surface

CORNERS = {Mode.POINTS: 1, Mode.LINES: 2, Mode.TRIANGLES: 3}


def polydata(batch: Batch) -> vtkPolyData:
    """The vertices and cells of *batch*, with normals, texture coordinates and colours where it has them."""
    data = vtkPolyData()
    points = vtkPoints()
    points.SetData(_shared(batch.positions))
    data.SetPoints(points)
    cells = _cells(batch)
    {Mode.POINTS: data.SetVerts, Mode.LINES: data.SetLines, Mode.TRIANGLES: data.SetPolys}[batch.mode](cells)
    about = data.GetPointData()
    if batch.normals is not None:
        about.SetNormals(_shared(batch.normals))
    if batch.texcoords is not None and batch.surface.pixels is not None:
        about.SetTCoords(_shared(batch.texcoords))
    if batch.colors is not None:
        about.SetScalars(_shared(batch.colors))
    return data


def texture(surface: Surface, *, mipmaps: bool) -> vtkTexture:
    """The picture of *surface*. Its first row is at v = 0, as glTF has it."""
    pixels = surface.pixels
    assert pixels is not None
    made = vtkTexture()
    made.SetInputDataObject(image_of(pixels))
    made.SetColorModeToDirectScalars()
    made.SetMipmap(mipmaps)
    made.SetInterpolate(surface.smooth)
    if not surface.repeat:
        made.SetWrap(vtkTexture.ClampToEdge)
    return made


def flat_texture(pixels: NDArray[np.uint8]) -> vtkTexture:
    """A picture of (height, width, 4), of which nothing is repeated; its first row is at v = 0."""
    texture = vtkTexture()
    texture.SetInputDataObject(image_of(pixels))
    texture.SetColorModeToDirectScalars()
    texture.SetWrap(vtkTexture.ClampToEdge)
    texture.InterpolateOn()
    texture.MipmapOff()
    return texture


def image_of(pixels: NDArray[np.uint8]) -> vtkImageData:
    """(height, width, channels)."""
    height, width, channels = pixels.shape
    image = vtkImageData()
    image.SetDimensions(width, height, 1)
    image.GetPointData().SetScalars(_shared(pixels.reshape(-1, channels)))
    return image


def _cells(batch: Batch) -> vtkCellArray:
    corners = CORNERS[batch.mode]
    indices = np.ascontiguousarray(batch.indices).view(np.int32)
    offsets = np.arange(0, len(indices) + 1, corners, dtype=np.int32)
    cells = vtkCellArray()
    cells.SetData(_shared(offsets), _shared(indices))
    return cells


def _shared(array: np.ndarray) -> Any:
    """numpy_to_vtk keeps a reference to the array that it is given."""
    return numpy_to_vtk(np.ascontiguousarray(array), deep=False)
