"""The nodes of a glTF (3.5) as a flat list of meshes with transforms in double."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from console.scene.gltf.accessors import Accessors
from console.scene.gltf.schema import Gltf, Instancing, Node
from console.scene.limits import Budget
from console.scene.refusal import broken
from console.scene.transforms import compose

MAX_INSTANCES = 1_000_000
_UNMOVED = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0), (1.0, 1.0, 1.0))


def placed_nodes(gltf: Gltf) -> Iterator[tuple[Node, NDArray[np.float64]]]:
    """Each node of the scene with its (4, 4) transform to the model. Raises SceneRefused for a cycle.

    A node has one parent at most (3.5.2), so one that is met twice is an error and the work is bounded.
    """
    waiting = [(index, np.identity(4)) for index in reversed(_roots(gltf))]
    seen: set[int] = set()
    while waiting:
        index, above = waiting.pop()
        if index in seen or index >= len(gltf.nodes):
            raise broken("模型节点", "the model's nodes")
        seen.add(index)
        node = gltf.nodes[index]
        transform = above @ local_transform(node)
        yield node, transform
        waiting.extend((child, transform) for child in reversed(node.children))


def _roots(gltf: Gltf) -> list[int]:
    if gltf.scenes:
        return gltf.scenes[min(gltf.scene, len(gltf.scenes) - 1)].nodes
    children = {child for node in gltf.nodes for child in node.children}
    return [index for index in range(len(gltf.nodes)) if index not in children]


def local_transform(node: Node) -> NDArray[np.float64]:
    """(4, 4), column vectors: node to parent."""
    if node.matrix is not None:
        return np.array(node.matrix, np.float64).reshape(4, 4).T
    if (node.translation, node.rotation, node.scale) == _UNMOVED:
        return np.identity(4)
    return compose(
        np.array([node.translation], np.float64),
        np.array([node.rotation], np.float64),
        np.array([node.scale], np.float64),
    )[0]


def instance_transforms(instancing: Instancing, accessors: Accessors, budget: Budget) -> NDArray[np.float64]:
    """(k, 4, 4) of EXT_mesh_gpu_instancing: instance to node. Raises SceneRefused."""
    arrays = {
        name: accessors.floats(instancing.attributes[name]).astype(np.float64)
        for name in ("TRANSLATION", "ROTATION", "SCALE")
        if name in instancing.attributes
    }
    counts = {accessors.record(index).count for index in instancing.attributes.values()}
    count = counts.pop() if len(counts) == 1 else 0
    if not 0 < count <= MAX_INSTANCES:
        raise broken("模型实例", "the model's instances")
    budget.take(count, 128)
    return compose(
        _of_width(arrays.get("TRANSLATION"), count, [0, 0, 0]),
        _of_width(arrays.get("ROTATION"), count, [0, 0, 0, 1]),
        _of_width(arrays.get("SCALE"), count, [1, 1, 1]),
    )


def _of_width(values: NDArray[np.float64] | None, count: int, default: list[float]) -> NDArray[np.float64]:
    if values is None:
        return np.broadcast_to(np.array(default, np.float64), (count, len(default)))
    if values.shape != (count, len(default)) or not np.isfinite(values).all():
        raise broken("模型实例", "the model's instances")
    return values
