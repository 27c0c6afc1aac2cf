"""What of the models is drawn: cut away, pressed flat, on one side of a line in the picture, by the shaders.

Only what a cut or an area meets wears the shader; what is wholly cut away costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkTexture

from console.scene.frame import Frame
from console.scene.render.areas import Area, Areas, Mask
from console.scene.render.coat import Coat
from console.scene.render.matrices import vtk_matrix
from console.scene.transforms import Matrix

_SEEN_THROUGH = 0.35
"""Opacity of the ground while one may look below it."""
_RIM, _YELLOW = 1.5, "1.0, 0.82, 0.29"
"""Pixels of the line along which something is cut, and its colour, as that of marks."""
_STEEP = 0.2
"""Of the ground, what is steeper than this cosine is a wall."""
_SAMPLER = "coatNormalTex"
"""As those of ``drape``: VTK binds it and leaves it to us what it means without PBR."""


@dataclass(frozen=True, eq=False)
class Form:
    """What is asked for."""

    cut: Matrix | None = None
    """(4, 4): the frame to (x, y, z, w); cut away is what has one of x, y, z beyond -1 to 1, or w above 0."""
    hole: bool = False
    """Cut away what would be left instead."""
    areas: tuple[Area, ...] = ()
    left: frozenset[str] = frozenset()
    right: frozenset[str] = frozenset()
    """Layers that are drawn on one side of the line alone."""
    share: float = 0.5
    """Of the picture's width: where the line is."""
    underground: bool = False


class Piece:
    """An actor, and what it wears to be in form."""

    def __init__(self, actor: vtkActor, box: NDArray[np.float64], *, in_area: bool = False) -> None:
        """*box*: (8, 3), corners around it in its axes. *in_area*: it is pressed, and seen there alone."""
        self.actor, self.box, self._in_area = actor, box, in_area
        self.matrix: Matrix = np.identity(4)
        """(4, 4): its axes to the frame."""
        self.corners = box
        """(8, 3) around it, in the frame."""
        self._worn: tuple[str, ...] = ()
        self._gone = False

    def stand(self, matrix: Matrix) -> None:
        """Its place: *matrix* (4, 4)."""
        self.matrix = matrix
        self.actor.SetUserMatrix(vtk_matrix(matrix))
        self.corners = self.box @ matrix[:3, :3].T + matrix[:3, 3]

    def fit(self, form: Form, layer: str, mask: Mask | None) -> None:
        """Take the form that its layer has; *mask*: of areas outside of which, or inside, it is seen."""
        parts: list[str] = []
        beyond = _beyond(form, self.corners)
        self._gone = beyond is True
        self.actor.SetVisibility(not self._gone)
        if beyond is None:
            parts.append("hole" if form.hole else "cut")
        if layer in form.left or layer in form.right:
            parts.append("swipe")
        if mask is not None:
            parts.append("inside" if self._in_area else "outside")
        self._wear(tuple(parts))
        uniforms = self.actor.GetShaderProperty().GetVertexCustomUniforms()
        if form.cut is not None and beyond is None:
            uniforms.SetUniformMatrix("cutMatrix", vtk_matrix((form.cut @ self.matrix).T))  # as GLSL has them
        if mask is not None:
            uniforms.SetUniformMatrix("areaMatrix", vtk_matrix((mask.way @ self.matrix).T))
        self._show(None if mask is None else mask.texture)
        self.swipe(form, layer)

    def leave(self, away: bool) -> None:
        """Whether it is on the wrong side of the line altogether, and need not be drawn at all."""
        self.actor.SetVisibility(not (self._gone or away))

    def see_through(self, seen_through: bool) -> None:
        """What is the ground is one sheet then: without the walls that hide the joints of its tiles."""
        self.actor.GetProperty().SetOpacity(_SEEN_THROUGH if seen_through else 1.0)
        self.actor.SetForceOpaque(not seen_through)
        self._wear(("sheet",) if seen_through else ())
        if seen_through:
            uniforms = self.actor.GetShaderProperty().GetVertexCustomUniforms()
            uniforms.SetUniformMatrix("sheetMatrix", vtk_matrix(self.matrix.T))

    def swipe(self, form: Form, layer: str) -> None:
        """The line is elsewhere."""
        if "swipe" in self._worn:
            side = 1.0 if layer in form.left else -1.0
            uniforms = self.actor.GetShaderProperty().GetVertexCustomUniforms()
            uniforms.SetUniform2f("swipeLine", [2.0 * form.share - 1.0, side])

    def _show(self, picture: vtkTexture | None) -> None:
        """The picture of the areas."""
        about = self.actor.GetProperty()
        before = about.GetTexture(_SAMPLER)
        if picture is before:
            return
        if before is not None:
            about.RemoveTexture(_SAMPLER)
        if picture is not None:
            about.SetTexture(_SAMPLER, picture)

    def _wear(self, parts: tuple[str, ...]) -> None:
        if parts == self._worn:
            return
        if self._worn:
            _coat(self._worn).take_off(self.actor)
        if parts:
            _coat(parts).put_on(self.actor)
        self._worn = parts


class Shaping:
    """The form of all layers of one stage."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.take(Form())

    def take(self, form: Form) -> None:
        """From now on."""
        self.form = form
        self.areas = Areas(self._frame, form.areas)
        self.kept = _kept(form) @ self._frame.from_ecef
        """(n, 4): planes in Earth-centred metres behind which nothing is left."""

    def swipe(self, share: float) -> None:
        """See ``Form.share``."""
        self.form = replace(self.form, share=share)


def _beyond(form: Form, corners: NDArray[np.float64]) -> bool | None:
    """Whether what is between *corners* (8, 3) of the frame is cut away; None: a part of it."""
    if form.cut is None:
        return False
    x = corners @ form.cut[:, :3].T + form.cut[:, 3]
    box, ahead = x[:, :3], x[:, 3]
    if bool((abs(box) <= 1.0).all() and (ahead <= 0).all()):
        return form.hole
    if bool((box > 1.0).all(axis=0).any() or (box < -1.0).all(axis=0).any() or (ahead > 0).all()):
        return not form.hole
    return None


def _kept(form: Form) -> NDArray[np.float64]:
    """(n, 4): inward normals and offsets of planes of the frame. None where things are drawn elsewhere than
    they stand, or where a hole leaves something on all sides."""
    if form.cut is None or form.hole or form.areas:
        return np.zeros((0, 4))
    one = np.array([0.0, 0.0, 0.0, 1.0])
    planes = np.concatenate([one - form.cut[:3], one + form.cut[:3], -form.cut[3:]])
    return planes[planes[:, :3].any(axis=1)]


_CUT_VERTEX = "cutAt = cutMatrix * vertexMC;\n"
_CUT_BEYOND = (
    "float cutBeyond = max(max(max(abs(cutAt.x), abs(cutAt.y)), abs(cutAt.z)) - 1.0, cutAt.w);\n"
    f"float cutRim = {_RIM} * fwidth(cutBeyond);\n"
)
_CUT_RIM = f"if (abs(cutBeyond) < cutRim) gl_FragData[0].rgb = vec3({_YELLOW});\n"
_PARTS = {
    "cut": ("vec4 cutAt;\n", _CUT_VERTEX, _CUT_BEYOND + "if (cutBeyond > 0.0) discard;\n", _CUT_RIM),
    "hole": ("vec4 cutAt;\n", _CUT_VERTEX, _CUT_BEYOND + "if (cutBeyond <= 0.0) discard;\n", _CUT_RIM),
    "swipe": (
        "float swipeOver;\n",
        "swipeOver = swipeLine.y * (gl_Position.x - swipeLine.x * gl_Position.w);\n",
        "if (swipeOver > 0.0) discard;\n",
        "",
    ),
    "sheet": (
        "vec3 sheetAt;\n",
        "sheetAt = (sheetMatrix * vertexMC).xyz;\n",
        "vec3 upright = cross(dFdx(sheetAt), dFdy(sheetAt));\n"
        f"if (abs(upright.z) < {_STEEP} * length(upright)) discard;\n",
        "",
    ),
    "inside": (
        "vec2 areaAt;\n",
        "areaAt = (areaMatrix * vertexMC).xy;\n",
        f"if (texture({_SAMPLER}, areaAt).r < 0.5) discard;\n",
        "",
    ),
    "outside": (
        "vec2 areaAt;\n",
        "areaAt = (areaMatrix * vertexMC).xy;\n",
        f"if (texture({_SAMPLER}, areaAt).r >= 0.5) discard;\n",
        "",
    ),
}
"""What goes from vertices to pixels, how it is worked out, what is left out by it, what is painted over."""


@cache
def _coat(parts: tuple[str, ...]) -> Coat:
    declared, worked_out, left_out, painted = zip(*(_PARTS[part] for part in parts), strict=True)
    return Coat(
        {
            "//VTK::Clip::Dec": "".join(f"out {each}" for each in declared),
            "//VTK::CustomEnd::Impl": "".join(worked_out),
        },
        {
            "//VTK::Clip::Dec": "".join(f"in {each}" for each in declared),
            "//VTK::Clip::Impl": "".join(left_out),
            "//VTK::DepthPeeling::Impl": "".join(painted),
        },
    )
