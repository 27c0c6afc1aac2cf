"""Secrets that are read again: sealed with a key of the deployment's, each plugin's apart."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console.sdk.server import OtherKey
from console.server.sealing import FILE, Vault
from console.server.settings import SettingError


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    sealed = Vault(tmp_path, "", "onemap.cameras").seal("秘密")
    assert Vault(tmp_path, "", "onemap.cameras").unseal(sealed) == "秘密"
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.glob("seal*")] == [FILE]


def test_no_plugin_and_no_other_key_opens_it(tmp_path: Path) -> None:
    sealed = Vault(tmp_path, "k1", "onemap.cameras").seal("秘密")
    for key, plugin in (("k1", "other.plugin"), ("k2", "onemap.cameras")):
        with pytest.raises(OtherKey):
            Vault(tmp_path, key, plugin).unseal(sealed)
    assert not (tmp_path / FILE).exists()


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    Vault(tmp_path, "", "a").seal("x")
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(SettingError, match="others may read"):
        Vault(tmp_path, "", "a").seal("x")


def test_a_key_file_without_a_key_is_refused(tmp_path: Path) -> None:
    vault = Vault(tmp_path, "", "a")
    sealed = vault.seal("x")
    for rest in ("", "  \n", "short"):
        (tmp_path / FILE).write_text(rest)
        with pytest.raises(SettingError, match="holds no key"):
            Vault(tmp_path, "", "a").unseal(sealed)
