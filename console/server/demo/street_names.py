"""Plausible Chinese street names, each given once."""

from __future__ import annotations

import numpy as np

_WORDS = """
人民 建设 新华 和平 胜利 友谊 光华 青年 工农 民主 文化 学府 科技 创新 金融 会展 体育
长江 珠江 汉江 昆仑 天山 衡山 华山 嵩山 庐山 黄山 太行 长城 凤凰 玉泉 彭祖 汉风 楚韵
龙腾 三元 和信 昆明湖 太湖 洪泽湖 镜湖 秦淮 钱塘 松花江 闽江 湘江 赣江 北京 上海 南京
苏州 杭州 无锡 常州 镇江 扬州 徐海 郑州 西安 济南 青岛
"""
_GREAT = _WORDS.split()
_FIRST = "云锦文永德福兴泰安瑞祥明清玉金银翠丹紫桂梅兰竹松柳桃杏枫梧鹤凤龙麒望观听临近古新仁义礼信和平嘉庆"
_SECOND = "湖溪泉桥亭台阁园苑庄门井坊塘堤沟岭峰谷林泽洲屏霞月星光华盛昌达通顺康宁乐善贤才学武"
_SUFFIX = {
    "trunk": ("大道",),
    "primary": ("大道", "路"),
    "secondary": ("路", "路", "大街"),
    "tertiary": ("路", "路", "街"),
    "residential": ("街", "路", "路"),
    "living_street": ("巷", "里", "巷"),
}


class StreetNames:
    """Hands out names; the same generator state gives the same names."""

    def __init__(self, rng: np.random.Generator, taken: list[str]) -> None:
        self._rng = rng
        self._great = [_GREAT[i] for i in rng.permutation(len(_GREAT))]
        pairs = rng.permutation(len(_FIRST) * len(_SECOND)).tolist()
        self._small = [_FIRST[i // len(_SECOND)] + _SECOND[i % len(_SECOND)] for i in pairs]
        self._taken = {name.rstrip("路街东西南北") for name in taken}
        self._turn = 0

    def next(self, road_class: str) -> str:
        """A name for a street of *road_class*; empty for service roads and footways."""
        suffixes = _SUFFIX.get(road_class)
        if suffixes is None:
            return ""
        great = road_class in ("trunk", "primary", "secondary") and bool(self._great)
        stem = self._great.pop() if great else self._stem()
        return stem + suffixes[int(self._rng.integers(len(suffixes)))]

    def _stem(self) -> str:
        """Two characters; when those run out, with a number (二巷, 三巷 are common)."""
        turn, at = divmod(self._turn, len(self._small))
        self._turn += 1
        return self._small[at] + "一二三四五六七八九"[turn - 1] if turn else self._small[at]
