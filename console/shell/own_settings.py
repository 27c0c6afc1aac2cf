"""The window's own settings, as the same schema that plugins use."""

from __future__ import annotations

from dataclasses import replace

from console.model.manifest import Choice, Setting
from console.model.text import Text
from console.shell.theme import OWN

PAGE = Text("指挥台", "Console")
_SCALES = (
    ("auto", Text("自动", "Automatic")),
    *((f"{n}", Text(f"{n}%", f"{n}%")) for n in (100, 125, 150, 175, 200, 250)),
)


def _choice(key: str, title: Text, help_text: Text, *choices: tuple[str, Text]) -> Setting:
    return Setting(
        key=key,
        type="choice",
        default=choices[0][0],
        title=title,
        help=help_text,
        choices=tuple(Choice(value=value, title=words) for value, words in choices),
    )


SETTINGS = (
    _choice(
        "language",
        Text("界面语言", "Language"),
        Text("立即生效。", "Takes effect at once."),
        ("zh_CN", Text("中文", "中文")),
        ("en", Text("English", "English")),
    ),
    _choice(
        "theme",
        Text("主题", "Theme"),
        Text("深色适合指挥大厅，浅色适合明亮办公室。", "Dark for control rooms, light for bright offices."),
        *OWN.items(),
    ),
    _choice(
        "datum",
        Text("坐标基准", "Datum of coordinates"),
        Text(
            "状态栏中指针处坐标的基准；数据不受影响。",
            "For the coordinates in the status bar; data are not touched.",
        ),
        ("wgs84", Text("WGS 84", "WGS 84")),
        ("cgcs2000", Text("CGCS2000", "CGCS2000")),
        ("gcj02", Text("GCJ-02（火星坐标）", "GCJ-02")),
        ("bd09", Text("BD-09（百度坐标）", "BD-09")),
    ),
    _choice(
        "scale",
        Text("界面缩放", "Size of the interface"),
        Text(
            "自动时 4K 屏放大一倍；下次启动生效。",
            "Automatic: double on 4K. From the next start.",
        ),
        *_SCALES,
    ),
    Setting(
        key="map_memory",
        type="choice",
        default="256",
        title=Text("地图缓存内存", "Memory for the map"),
        help=Text(
            "用于瓦片图片；4K 或多图层时可调大。下次启动生效。",
            "For pictures of tiles; more helps on 4K and with many layers. From the next start.",
        ),
        choices=tuple(Choice(value=str(n), title=Text(f"{n} MB", f"{n} MB")) for n in (128, 256, 512, 1024)),
    ),
    Setting(
        key="hardware_video",
        type="bool",
        default=True,
        title=Text("硬件解码视频", "Decode video by hardware"),
        help=Text(
            "有可用显卡时由显卡解码，没有时由处理器解码；画面异常时可关闭。下次启动生效。",
            "By the graphics device where there is one, else by the processor. Off if pictures are wrong. "
            "From the next start.",
        ),
    ),
    Setting(
        key="toasts",
        type="bool",
        default=True,
        title=Text("弹出通知", "Show notifications as they come"),
        help=Text("关闭后只在通知中心查看。", "When off, they are only in the notification centre."),
    ),
)


def with_themes(settings: tuple[Setting, ...], choices: tuple[Choice, ...]) -> tuple[Setting, ...]:
    """*settings* with these themes to choose from."""
    return tuple(replace(s, choices=choices) if s.key == "theme" else s for s in settings)
