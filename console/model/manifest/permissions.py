"""What a plugin may ask for. Without the permission the facet of ``ctx`` is absent."""

from __future__ import annotations

import re

from console.model.text import Text

PERMISSIONS: dict[str, Text] = {
    "map": Text("在地图上绘制图层、拾取和定位", "Draw layers on the map, pick places, move the view"),
    "backend": Text("以当前用户的权限访问后端", "Talk to the backend with the signed-in user's rights"),
    "positions.read": Text("读取移动目标的实时位置", "Read live positions of moving things"),
    "scene": Text("显示三维模型并移动三维视图", "Show models in three dimensions, move that view"),
    "media": Text("播放实时画面", "Play live pictures"),
    "qgis": Text("显示 QGIS 工程，运行 QGIS 工具", "Show QGIS projects and run QGIS's tools"),
    "files": Text("读写用户选择的文件", "Read and write files that the user chooses"),
    "network": Text("连接用户指定的网络服务", "Connect to network services that the user names"),
    "secrets": Text("在系统密钥环中保存登录信息", "Keep sign-ins in the system's keyring"),
    "process": Text("启动其他程序", "Start other programs"),
}
"""Permissions without a parameter, with what the user is told. Commands, panels,
settings, notifications, tasks, services, selection, language and theme need none."""

_RECORDS: dict[str, Text] = {
    "alarm": Text("告警", "alarms"),
    "camera": Text("摄像头", "cameras"),
    "closure": Text("封控", "closures"),
    "event": Text("事件", "events"),
    "field_text": Text("现场消息", "messages from the field"),
    "grid_plan": Text("网格调整方案", "plans that change grids"),
    "help_request": Text("支援请求", "requests for help"),
    "layer": Text("图层", "layers"),
    "loan": Text("人员借调", "loans of staff"),
    "order": Text("指令", "orders"),
    "order_group": Text("群呼", "calls"),
    "order_rule": Text("催办规则", "rules of orders"),
    "order_template": Text("指令模板", "texts of orders"),
    "plan": Text("预案", "emergency plans"),
    "staff": Text("人员", "staff"),
    "station": Text("中心", "stations"),
    "steering": Text("云台控制", "who steers cameras"),
}
"""Names of our own record types; those of other plugins are told as they are written."""

_PATTERNS: tuple[tuple[re.Pattern[str], Text], ...] = (
    (re.compile(r"([a-z][a-z0-9_]{0,40})\.read"), Text("读取“{0}”实时数据", "Read live records: {0}")),
    (
        re.compile(r"([a-z][a-z0-9_]{0,40})\.write"),
        Text("提交“{0}”的更改", "Submit changes of records: {0}"),
    ),
    (
        re.compile(r"network:((?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*(?::\d{1,5})?)"),
        Text("连接网络主机 {0}", "Connect to the network host {0}"),
    ),
)


def describe_permission(permission: str) -> Text | None:
    """What the user reads about *permission*; None when there is no such permission."""
    if permission in PERMISSIONS:
        return PERMISSIONS[permission]
    for pattern, text in _PATTERNS:
        match = pattern.fullmatch(permission)
        if match is not None:
            name = _RECORDS.get(match[1], Text(match[1], match[1]))
            return Text(text.zh_CN.format(name.zh_CN), text.en.format(name.en))
    return None


def permission_fault(permission: str) -> str:
    """Why *permission* cannot be asked for; empty when it can."""
    if describe_permission(permission) is not None:
        return ""
    known = ", ".join([*PERMISSIONS, "<type>.read", "<type>.write", "network:<host>"])
    return f'there is no permission "{permission}"; known are: {known}'
