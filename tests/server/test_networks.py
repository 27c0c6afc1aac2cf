"""Which hosts the backend may talk to: networks, names, and what looks like neither."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.server.core import build_core
from console.server.networks import Networks
from console.server.settings import SettingError, settings_from_environment


@pytest.mark.parametrize("host", ["10.1.2.3", "172.31.0.1", "192.168.1.64", "100.64.0.9", "fd00::5"])
def test_the_networks_of_organisations_are_permitted_unless_others_are_named(host: str) -> None:
    assert Networks().permits(host) and not Networks().bars(host)
    assert Networks("203.0.113.0/24").bars(host)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "::1", "::ffff:127.0.0.1", "169.254.169.254",
     "fe80::1%eth0", "0.0.0.0", "8.8.8.8", "224.0.0.1"],
)  # fmt: skip
def test_the_own_machine_and_strangers_are_not_however_they_are_written(host: str) -> None:
    assert Networks().bars(host) and not Networks().permits(host)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", ""])
def test_a_name_is_judged_by_where_it_leads(host: str) -> None:
    assert not Networks().permits(host)
    assert not Networks().bars(host), "nobody is asked for it"


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 300, "\ud800", "。"])
def test_a_name_that_leads_nowhere_reaches_nobody(host: str) -> None:
    assert Networks().permits(host) and not Networks().bars(host)


def test_a_name_that_the_deployment_names_is_permitted() -> None:
    networks = Networks(" recorder.example , 127.0.0.0/8, ::1 ")
    assert networks.permits("Recorder.Example") and networks.permits("localhost")


@pytest.mark.parametrize("text", ["10.0.0.0/33", "10.0.0.1/8", "10.0.0", "300.1.1.1", "fd00:::1", "a/b"])
def test_a_network_without_sense_is_refused_by_name(tmp_path: Path, text: str) -> None:
    settings = settings_from_environment(tmp_path, {"ONEMAP_CAMERA_NETWORKS": f"10.0.0.0/8, {text}"})
    with pytest.raises(SettingError, match="ONEMAP_CAMERA_NETWORKS"):
        build_core(settings)


@given(st.ip_addresses())
def test_an_address_is_permitted_or_barred(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    networks = Networks("10.0.0.0/8, 2001:db8::/32")
    inside = any(address in ipaddress.ip_network(each) for each in ("10.0.0.0/8", "2001:db8::/32"))
    assert networks.permits(str(address)) == inside
    assert networks.bars(str(address)) == (not inside)
