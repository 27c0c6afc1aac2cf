"""What a device's refusal is to the user."""

from __future__ import annotations

from console.sdk.server import ApiError
from plugins.cameras.server.devices.driver import DeviceFault, Fault

WORDS: dict[Fault, tuple[int, str, str]] = {
    Fault.UNREACHABLE: (503, "The device or platform does not answer", "设备或平台无响应"),
    Fault.SIGN_IN: (503, "The device or platform refuses our sign-in", "设备或平台拒绝了登录，请核对账号"),
    Fault.MISSING: (404, "The device does not know this any more", "设备上已没有此项"),
    Fault.UNABLE: (409, "The device cannot do this", "设备不支持此操作"),
    Fault.BUSY: (503, "The device is busy: try again a little later", "设备正忙，请稍后再试"),
    Fault.BARRED: (
        422,
        "The address is outside the camera networks: see ONEMAP_CAMERA_NETWORKS in the deployment guide",
        "该地址不在允许的摄像头网段内，请系统管理员在后端设置 ONEMAP_CAMERA_NETWORKS",
    ),
    Fault.GARBLED: (503, "The device's answer was not understood", "无法识别设备的应答"),
}


def refusal(fault: DeviceFault) -> ApiError:
    """As an endpoint tells it."""
    status, text, text_zh = WORDS[fault.fault]
    return ApiError(status, f"device_{fault.fault.value}", text, text_zh)
