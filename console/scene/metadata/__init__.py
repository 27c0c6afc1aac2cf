"""3D metadata (3D Tiles 1.1, chapter 9, and EXT_structural_metadata): schemas, property tables, entities."""

from console.scene.metadata.entities import typed_entity
from console.scene.metadata.schema import MetadataClass, Property, Schema, read_schema
from console.scene.metadata.tables import PropertyTableRecord, read_table

__all__ = [
    "MetadataClass",
    "Property",
    "PropertyTableRecord",
    "Schema",
    "read_schema",
    "read_table",
    "typed_entity",
]
