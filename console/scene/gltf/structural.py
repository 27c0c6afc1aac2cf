"""Property tables of a glTF (EXT_structural_metadata)."""

from __future__ import annotations

from msgspec import Raw, Struct

from console.scene.document import decode_json
from console.scene.features import FeatureTable
from console.scene.gltf.buffers import Buffers, Fetch, read_uri
from console.scene.gltf.schema import Gltf
from console.scene.limits import Budget
from console.scene.metadata import PropertyTableRecord, read_schema, read_table


class StructuralMetadata(Struct, frozen=True):
    schema: Raw = Raw(b"")
    schemaUri: str | None = None
    propertyTables: list[PropertyTableRecord] = []


def feature_tables(gltf: Gltf, buffers: Buffers, fetch: Fetch, budget: Budget) -> tuple[FeatureTable, ...]:
    """The tables that feature ids refer to by index. Raises SceneRefused."""
    data = bytes(gltf.extensions.EXT_structural_metadata)
    if not data or data == b"null":
        return ()
    record = decode_json(data, StructuralMetadata, "模型元数据", "the model's metadata")
    inline = memoryview(bytes(record.schema))
    schema = read_schema(inline if record.schemaUri is None else read_uri(record.schemaUri, fetch))
    return tuple(read_table(table, schema, buffers.view, budget) for table in record.propertyTables)
