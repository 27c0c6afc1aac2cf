"""Every error leaves the server in one shape: ``{"code", "message", "message_zh", "fields"}``."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from console.sdk.server import ApiError

log = logging.getLogger(__name__)

_BY_STATUS = {
    400: ("bad_request", "The request is not understood", "请求无法识别"),
    401: ("not_signed_in", "Sign in first", "请先登录"),
    403: ("forbidden", "You lack the right for this", "您没有此操作的权限"),
    404: ("not_found", "Not found", "未找到"),
    405: ("not_allowed", "Method not allowed", "不支持该方法"),
    409: ("conflict", "Somebody else was faster", "数据已被他人更新"),
    413: ("too_large", "The request is too large", "请求内容过大"),
    422: ("bad_input", "Some input is not valid", "输入内容有误"),
    429: ("too_many_requests", "Too many requests, wait a moment", "请求过于频繁,请稍候"),
    503: ("unavailable", "The server cannot answer just now", "服务暂时不可用"),
}


def standard_error(status: int, message: str = "", *, headers: dict[str, str] | None = None) -> ApiError:
    """The usual error of *status*; *message* replaces its English text."""
    code, english, chinese = _BY_STATUS[status]
    return ApiError(status, code, message or english, chinese, headers=headers)


def database_error(error: Exception) -> ApiError:
    """What a failed statement means to the caller; details go to the log only."""
    if is_disk_full(error):
        return ApiError(
            507, "disk_full", "The server's disk is full; nothing was changed", "服务器磁盘已满,未做任何更改"
        )
    headers = {"Retry-After": "2"}
    return ApiError(
        503,
        "database_unavailable",
        "The database cannot be reached; nothing was changed",
        "数据库暂不可用,未做任何更改",
        headers=headers,
    )


def is_disk_full(error: Exception) -> bool:
    """Whether *error* says that no space is left (SQLite's SQLITE_FULL, PostgreSQL's 53100)."""
    origin = getattr(error, "orig", None)
    if isinstance(origin, sqlite3.Error):
        return getattr(origin, "sqlite_errorname", "") == "SQLITE_FULL" or "is full" in str(origin)
    return getattr(origin, "sqlstate", "") == "53100"


def install(app: FastAPI) -> None:
    """Answer all errors of *app* in the one shape."""
    app.add_exception_handler(ApiError, _answer_api_error)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_validation)
    app.add_exception_handler(DBAPIError, _answer_database)
    app.add_exception_handler(PoolTimeout, _answer_database)
    app.add_exception_handler(ClientDisconnect, _answer_nobody)
    app.add_exception_handler(Exception, _answer_unexpected)


def error_response(error: ApiError) -> JSONResponse:
    """The answer for *error*."""
    body = {
        "code": error.code,
        "message": error.message,
        "message_zh": error.message_zh,
        "fields": error.fields,
    }
    return JSONResponse(body, error.status, headers=error.headers)


def _answer_nobody(_request: Request, _error: Exception) -> Response:
    """The caller left in the middle of its request: phones do, it is no fault of ours."""
    return Response(status_code=400)


def _answer_api_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return error_response(error)


def _answer_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    detail: Any = error.detail
    if isinstance(detail, dict) and "code" in detail:
        message = str(detail.get("message", ""))
        chinese = str(detail.get("message_zh") or message)
        fields = detail.get("fields")
        return error_response(
            ApiError(error.status_code, str(detail["code"]), message, chinese, fields=fields, headers=headers)
        )
    code, english, chinese = _BY_STATUS.get(error.status_code, ("error", str(detail), str(detail)))
    return error_response(ApiError(error.status_code, code, str(detail or english), chinese, headers=headers))


def _answer_validation(_request: Request, error: Exception) -> JSONResponse:
    """Name the fields, but never echo their values, which may be secrets."""
    assert isinstance(error, RequestValidationError)
    answer = standard_error(422)
    answer.fields = {".".join(str(p) for p in e["loc"][1:]) or "body": e["msg"] for e in error.errors()}
    return error_response(answer)


def _answer_database(_request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, DBAPIError) and type(error).__name__ in {
        "IntegrityError",
        "DataError",
        "ProgrammingError",
    }:
        return _answer_unexpected(_request, error)
    log.error("database: %s", getattr(error, "orig", error))
    return error_response(database_error(error))


def _answer_unexpected(_request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected error", exc_info=error)
    return error_response(
        ApiError(500, "internal", "The server made a mistake; it is in its log", "服务器内部错误,已记录")
    )
