"""Settings by environment: the life of tokens, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.server.settings import settings_from_environment


def test_the_life_of_tokens_is_a_setting_with_a_default(tmp_path: Path) -> None:
    plain = settings_from_environment(tmp_path, {})
    assert (plain.access_seconds, plain.refresh_seconds) == (600, 43200)
    chosen = {"ONEMAP_ACCESS_SECONDS": "120", "ONEMAP_REFRESH_SECONDS": "86400"}
    settings = settings_from_environment(tmp_path, chosen)
    assert (settings.access_seconds, settings.refresh_seconds) == (120, 86400)


@pytest.mark.parametrize("text", ["0", "-5", "1e9", "ten", "99999999", "１２０"])
def test_a_life_without_sense_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="ONEMAP_ACCESS_SECONDS"):
        settings_from_environment(tmp_path, {"ONEMAP_ACCESS_SECONDS": text})
