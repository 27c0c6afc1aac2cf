"""What is said of faults and refusals, to operators and to other programs."""

from __future__ import annotations

from console.sdk import Text
from plugins.grids.cover.check import Fault
from plugins.grids.cover.refusal import Why

FAULTS: dict[Fault, Text] = {
    Fault.CROSSED: Text("边界自相交", "The border crosses itself"),
    Fault.PIECES: Text("网格被分成互不相连的几块", "The grid lies in several pieces"),
    Fault.SMALL: Text("网格过小", "The grid is too small"),
    Fault.GAP: Text(
        "相邻网格的边界不重合：有空隙或重叠", "Borders of neighbours do not meet: a gap or an overlap"
    ),
    Fault.OUTLINE: Text("不能移动全区外边界", "The outline of the district cannot be moved"),
    Fault.CODE: Text("网格编码不合规则或已被使用", "The code breaks the rule or was given before"),
    Fault.NAME: Text("网格缺少名称", "The grid has no name"),
    Fault.HEIR: Text("撤销的网格没有接管网格", "Nobody takes over from the grid that goes"),
    Fault.EMPTY: Text("社区至少要保留一个网格", "A community must keep a grid"),
    Fault.STALE: Text("网格已被他人修改，请重新绘制", "Somebody else has changed the grid: draw it anew"),
}
REFUSALS: dict[Why, Text] = {
    Why.NOT_ACROSS: Text(
        "画线须从边界到边界穿过该网格", "Draw the line across the grid, from border to border"
    ),
    Why.CROSSES_ITSELF: Text("画线自相交", "The line crosses itself"),
    Why.TOO_FINE: Text(
        "画线与边界过近，请离开边界再画", "The line runs too close to the border: draw it farther off"
    ),
    Why.NO_NEIGHBOUR: Text("这两个网格没有共同边界", "These grids share no border"),
    Why.NO_VERTEX: Text("此处没有边界点", "There is no vertex of a border here"),
}
