"""Layers and their packages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from fastapi.responses import FileResponse

from console.model.records import LayerInfo
from console.sdk.server import Caller
from console.server.access import Access
from console.server.core import Core
from console.server.errors import standard_error
from console.server.layers import layer_infos

_MEDIA_TYPE = "application/vnd.onemap.layer"


def layer_routes(core: Core, access: Access) -> APIRouter:
    """Routes of imported layers."""
    routes = APIRouter(tags=["layers"])
    may_read = Depends(access.require("layers.read"))

    @routes.get("/layers", operation_id="layers")
    def layers(_caller: Caller = may_read) -> list[LayerInfo]:
        """All layers, by id."""
        with core.database.read() as session:
            return layer_infos(session)

    @routes.get("/layers/{layer_id}/package", operation_id="layerPackage", response_class=FileResponse)
    def package(
        layer_id: str,
        accept_encoding: Annotated[str, Header()] = "",
        if_none_match: Annotated[str, Header()] = "",
        range_header: Annotated[str, Header(alias="Range")] = "",
        _caller: Caller = may_read,
    ) -> Response:
        """The layer package; ``ETag`` is the version. A range is of the uncompressed bytes."""
        info = core.layers.info(layer_id)
        if info is None:
            raise standard_error(404)
        tag = f'"{info.version}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
        if tag in (part.strip().removeprefix("W/") for part in if_none_match.split(",")):
            return Response(status_code=304, headers=headers)
        if "gzip" in accept_encoding and not range_header:
            headers["Content-Encoding"] = "gzip"
            return FileResponse(core.layers.compressed_file(info), headers=headers, media_type=_MEDIA_TYPE)
        return FileResponse(core.layers.file(info), headers=headers, media_type=_MEDIA_TYPE)

    return routes
