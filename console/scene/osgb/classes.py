"""The classes of an OSG binary stream as tables: which fields they write, in which order, in which versions.

Source: OpenSceneGraph 3.6, src/osgWrappers/serializers/osg/*.cpp. An object is written as the fields of
the sections that make it up; each version of the format adds fields and drops others.

Kinds of fields: a ``struct`` code; ``string``; ``object`` (a flag, then the object); ``image``; ``matrix``;
``objects``, ``primitives``, ``bools`` (counted); ``vector:CODE:WIDTH`` (counted, packed numbers);
``user:NAME`` (a flag, then what ``fields.FLAGGED`` reads under this name, or a ``struct`` code).
"""

from __future__ import annotations

from dataclasses import dataclass

NEVER = 1 << 30


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a section in the versions first..last."""

    name: str
    kind: str
    first: int = 0
    last: int = NEVER


def _fields(text: str) -> tuple[Field, ...]:
    """``Name kind [first[-last]]``, one a line."""
    return tuple(_field(*line.split()) for line in text.strip().splitlines())


def _field(name: str, kind: str, versions: str = "") -> Field:
    first, _, last = versions.partition("-")
    return Field(name, kind, int(first or 0), int(last or NEVER))


OBJECTS_AS_ARRAYS = 112
"""Version from which arrays and primitive sets are objects."""
_DRAWABLE_IS_NODE = 154
_BUFFER_DATA = 147

SECTIONS: dict[str, tuple[Field, ...]] = {
    "osg::Object": _fields("""
        Name string
        DataVariance i
        UserData user:object 0-76
        UserDataContainer object 77"""),
    "osg::DefaultUserDataContainer": _fields("""
        UDC_UserData user:object
        UDC_Descriptions user:strings
        UDC_UserObjects user:objects"""),
    "osg::Node": _fields("""
        InitialBound user:sphere
        ComputeBoundingSphereCallback object
        UpdateCallback object
        EventCallback object
        CullCallback object
        CullingActive ?
        NodeMask I
        Descriptions user:strings 0-76
        StateSet object"""),
    "osg::Group": _fields("Children user:objects"),
    "osg::Geode": _fields("Drawables user:objects"),
    "osg::Switch": _fields("""
        NewChildDefaultValue ?
        ValueList bools"""),
    "osg::Transform": _fields("ReferenceFrame i"),
    "osg::MatrixTransform": _fields("Matrix matrix"),
    "osg::PositionAttitudeTransform": _fields("""
        Position 3d
        Attitude 4d
        Scale 3d
        PivotPoint 3d"""),
    "osg::LOD": _fields("""
        CenterMode i
        UserCenter user:center
        RangeMode i
        RangeList user:ranges"""),
    "osg::PagedLOD": _fields("""
        DatabasePath user:path
        FrameNumberOfLastTraversal I 0-69
        NumChildrenThatCannotBeExpired I
        DisableExternalChildrenPaging ?
        RangeDataList user:files
        Children user:paged"""),
    "osg::Drawable": _fields("""
        StateSet object 0-155
        InitialBound user:box
        ComputeBoundingBoxCallback object
        Shape object
        SupportsDisplayList ?
        UseDisplayList ?
        UseVertexBufferObjects ?
        UpdateCallback object 0-155
        EventCallback object 0-155
        CullCallback object 0-155
        DrawCallback object 0-155
        NodeMask I 142
        CullingActive ? 145"""),
    "osg::Geometry": _fields("""
        PrimitiveSetList primitives
        VertexArray user:array 0-111
        NormalArray user:array 0-111
        ColorArray user:array 0-111
        SecondaryColorArray user:array 0-111
        FogCoordArray user:array 0-111
        TexCoordArrayList user:arrays 0-111
        VertexAttribArrayList user:arrays 0-111
        FastPathHint ? 0-111
        VertexArray object 112
        NormalArray object 112
        ColorArray object 112
        SecondaryColorArray object 112
        FogCoordArray object 112
        TexCoordArrayList objects 112
        VertexAttribArrayList objects 112"""),
    "osg::BufferData": _fields("BufferObject object 147"),
    "osg::BufferObject": _fields("""
        Target I
        Usage I
        CopyDataAndReleaseGLBufferObject ?"""),
    "osg::Array": _fields("""
        Binding i
        Normalize ?
        PreserveDataType ?"""),
    "osg::PrimitiveSet": _fields("""
        NumInstances i
        Mode i"""),
    "osg::DrawArrays": _fields("""
        First i
        Count i"""),
    "osg::DrawArrayLengths": _fields("""
        First i
        Values vector:i4:1"""),
    "osg::DrawElementsUByte": _fields("Values vector:u1:1"),
    "osg::DrawElementsUShort": _fields("Values vector:u2:1"),
    "osg::DrawElementsUInt": _fields("Values vector:u4:1"),
    "osg::StateSet": _fields("""
        ModeList user:modes
        AttributeList user:attributes
        TextureModeList user:texture_modes
        TextureAttributeList user:texture_attributes
        UniformList user:attribute_pairs
        RenderingHint i
        RenderBinMode i
        BinNumber i
        BinName string
        NestRenderBins ?
        UpdateCallback object
        EventCallback object
        DefineList user:defines 151"""),
    "osg::StateAttribute": _fields("""
        UpdateCallback object
        EventCallback object"""),
    "osg::Material": _fields("""
        ColorMode i
        Ambient user:two_colors
        Diffuse user:two_colors
        Specular user:two_colors
        Emission user:two_colors
        Shininess user:two_floats"""),
    "osg::Texture": _fields("""
        WRAP_S user:i
        WRAP_T user:i
        WRAP_R user:i
        MIN_FILTER user:i
        MAG_FILTER user:i
        MaxAnisotropy f
        UseHardwareMipMapGeneration ?
        UnRefImageDataAfterApply ?
        ClientStorageHint ?
        ResizeNonPowerOfTwoHint ?
        BorderColor 4d
        BorderWidth i
        InternalFormatMode i
        InternalFormat user:i
        SourceFormat user:i
        SourceType user:i
        ShadowComparison ?
        ShadowCompareFunc i
        ShadowTextureMode i
        ShadowAmbient f
        ImageAttachment user:attachment 95-153
        Swizzle user:string 98
        MinLOD f 155
        MaxLOD f 155
        LODBias f 155"""),
    "osg::Texture2D": _fields("""
        Image image
        TextureWidth i
        TextureHeight i"""),
    "osg::TexEnv": _fields("""
        Mode i
        Color 4f"""),
    "osg::ProxyNode": _fields("""
        FileNames user:strings
        Children user:paged
        DatabasePath string
        LoadingExternalReferenceMode i
        CenterMode i
        UserCenter user:center"""),
    "osg::CoordinateSystemNode": _fields("""
        Format string
        CoordinateSystem string
        EllipsoidModel object"""),
    "osg::EllipsoidModel": _fields("""
        RadiusEquator d
        RadiusPolar d"""),
    "osg::Uniform": _fields("""
        Type i
        NumElements I
        Elements user:values
        UpdateCallback object
        EventCallback object"""),
    "osg::PolygonMode": _fields("Mode user:?2i"),
    "osg::TexMat": _fields("""
        Matrix matrix
        ScaleByTextureRectangleSize ?"""),
    "osg::LineWidth": _fields("Width f"),
    "osg::FrontFace": _fields("Mode i"),
    "osg::CullFace": _fields("Mode i"),
    "osg::ShadeModel": _fields("Mode i"),
    "osg::BlendFunc": _fields("""
        SourceRGB I
        SourceAlpha I
        DestinationRGB I
        DestinationAlpha I"""),
    "osg::AlphaFunc": _fields("""
        Function i
        ReferenceValue f"""),
    "osg::PolygonOffset": _fields("""
        Factor f
        Units f"""),
    "osg::Depth": _fields("""
        Function i
        ZNear d
        ZFar d
        WriteMask ?"""),
    "osg::LightModel": _fields("""
        AmbientIntensity 4f
        ColorControl i
        LocalViewer ?
        TwoSided ?"""),
    "osg::StringValueObject": _fields("Value string"),
    "osg::VertexBufferObject": (),
    "osg::ElementBufferObject": (),
}

Sections = tuple[tuple[str, int], ...]
"""The sections of a class, each with the version from which it is written."""


def _made_of(*names: str, since: dict[str, int] | None = None) -> Sections:
    return tuple((f"osg::{name}", (since or {}).get(name, 0)) for name in names)


_NODES = {
    "Node": (),
    "Group": ("Group",),
    "Geode": ("Geode",),
    "Switch": ("Group", "Switch"),
    "Transform": ("Group", "Transform"),
    "MatrixTransform": ("Group", "Transform", "MatrixTransform"),
    "PositionAttitudeTransform": ("Group", "Transform", "PositionAttitudeTransform"),
    "CoordinateSystemNode": ("Group", "CoordinateSystemNode"),
    "ProxyNode": ("ProxyNode",),
    "LOD": ("Group", "LOD"),
    "PagedLOD": ("LOD", "PagedLOD"),  # without Group: loaded children are not written
}
_ATTRIBUTES = (
    *("Material", "TexEnv", "CullFace", "ShadeModel", "BlendFunc", "AlphaFunc", "PolygonOffset"),
    *("Depth", "LightModel", "PolygonMode", "TexMat", "LineWidth", "FrontFace"),
)
_PRIMITIVES = (
    "DrawArrays",
    "DrawArrayLengths",
    "DrawElementsUByte",
    "DrawElementsUShort",
    "DrawElementsUInt",
)

_SCALARS = {"Byte": "i1", "UByte": "u1", "Short": "i2", "UShort": "u2", "Int": "i4", "UInt": "u4"}
_REALS = {"Float": "f4", "Double": "f8"}
_SUFFIXES = {"b": "i1", "ub": "u1", "s": "i2", "us": "u2", "i": "i4", "ui": "u4", "": "f4", "d": "f8"}
ARRAY_TYPES: dict[str, tuple[str, int]] = {
    **{f"{name}Array": (code, 1) for name, code in (_SCALARS | _REALS).items()},
    **{f"Vec{n}{suffix}Array": (code, n) for n in (2, 3, 4) for suffix, code in _SUFFIXES.items()},
}
"""Class of an array: its ``numpy`` code and how many numbers a row has."""

ARRAY_IDS = tuple(
    f"{name}Array"
    for name in (
        *("Byte", "UByte", "Short", "UShort", "Int", "UInt", "Float", "Double"),
        *("Vec2b", "Vec3b", "Vec4b", "Vec4ub", "Vec2s", "Vec3s", "Vec4s"),
        *("Vec2", "Vec3", "Vec4", "Vec2d", "Vec3d", "Vec4d"),
        *("Vec2ub", "Vec3ub", "Vec2us", "Vec3us", "Vec4us"),
        *("Vec2i", "Vec3i", "Vec4i", "Vec2ui", "Vec3ui", "Vec4ui"),
    )
)
"""Classes of arrays by the number that stood for them before version 112 (osgDB/DataTypes)."""

SECTIONS |= {f"osg::{name}": _fields(f"Values vector:{c}:{n}") for name, (c, n) in ARRAY_TYPES.items()}

CLASSES: dict[str, Sections] = {
    **{f"osg::{name}": _made_of("Object", "Node", *own) for name, own in _NODES.items()},
    **{f"osg::{name}": _made_of("Object", "StateAttribute", name) for name in _ATTRIBUTES},
    **{
        f"osg::{name}": _made_of(
            "Object", "BufferData", "PrimitiveSet", name, since={"BufferData": _BUFFER_DATA}
        )
        for name in _PRIMITIVES
    },
    **{
        f"osg::{name}": _made_of("Object", "BufferData", "Array", name, since={"BufferData": _BUFFER_DATA})
        for name in ARRAY_TYPES
    },
    "osg::Drawable": _made_of("Object", "Node", "Drawable", since={"Node": _DRAWABLE_IS_NODE}),
    "osg::Geometry": _made_of("Object", "Node", "Drawable", "Geometry", since={"Node": _DRAWABLE_IS_NODE}),
    "osg::StateSet": _made_of("Object", "StateSet"),
    "osg::Texture2D": _made_of("Object", "StateAttribute", "Texture", "Texture2D"),
    "osg::VertexBufferObject": _made_of("Object", "BufferObject", "VertexBufferObject"),
    "osg::ElementBufferObject": _made_of("Object", "BufferObject", "ElementBufferObject"),
    "osg::DefaultUserDataContainer": _made_of("Object", "DefaultUserDataContainer"),
    "osg::StringValueObject": _made_of("Object", "StringValueObject"),
    "osg::EllipsoidModel": _made_of("Object", "EllipsoidModel"),
    "osg::Uniform": _made_of("Object", "Uniform"),
}
