"""OpenSceneGraph's own converter as the oracle of our reader, and as the maker of files of other versions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

AS_WRITTEN = {"OSG_OPTIMIZER": "OFF", "OSG_NOTIFY_LEVEL": "FATAL"}
"""Without this osgconv tidies the graph up before it writes it."""


def osgconv(source: Path, target: Path, options: str = "") -> Path:
    """Convert *source*; the test is skipped (in CI failed) where osgconv is missing."""
    if shutil.which("osgconv") is None:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("needs osgconv: apt-get install openscenegraph")
    command = ["osgconv", *(["-O", options] if options else []), str(source), str(target)]
    done = subprocess.run(command, env=os.environ | AS_WRITTEN, capture_output=True, text=True, timeout=60)
    assert target.is_file(), done.stdout + done.stderr
    return target


class OsgText:
    """The arrays of an .osgt file in the order in which they stand there."""

    def __init__(self, path: Path) -> None:
        self._text = path.read_text("utf-8", "replace")

    def arrays(self, field: str, width: int) -> list[NDArray[np.float64]]:
        """All arrays of *field* (VertexArray, TexCoordArrayList), each (n, *width*)."""
        return [numbers.reshape(-1, width) for numbers in self._vectors(rf" {field} (?:TRUE|\d+) \{{")]

    def indices(self) -> list[NDArray[np.int64]]:
        """The numbers of all DrawElements."""
        return [numbers.astype(np.int64) for numbers in self._vectors(r" osg::DrawElements\w+ \{")]

    def _vectors(self, opening: str) -> list[NDArray[np.float64]]:
        found = []
        for match in re.finditer(opening, self._text):
            start = self._text.index("vector", match.end())
            body = self._text[self._text.index("{", start) + 1 : self._text.index("}", start)]
            found.append(np.fromstring(body, np.float64, sep=" "))
        return found


def as_text(source: Path, folder: Path) -> OsgText:
    """*source* as OpenSceneGraph reads it, to nine digits."""
    return OsgText(osgconv(source, folder / f"{source.stem}.osgt", "WriteImageHint=UseExternal PRECISION 9"))
