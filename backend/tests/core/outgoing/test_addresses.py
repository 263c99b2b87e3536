"""Which IP addresses are called at all."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.outgoing.addresses import is_disguised, is_public

PUBLIC_V4 = (
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.0.1",
    "223.255.255.254",
)
PUBLIC_V6 = ("2606:4700:4700::1111", "2a00:1450:4001:82a::200e", "2001:4860:4860::8888", "64:ff9b::8.8.8.8")

CARRY_IPV4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
SPECIAL = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
    172.31.255.255 192.168.1.1 192.0.0.9 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.7
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 ::8.8.8.8 64:ff9b::10.0.0.1 64:ff9b:1::1 100::1 fc00::1
    fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2001::1 2001:0:53aa:64c::1 2001:db8::1 2001:20::1
    2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 4000::1 2606:4700::1111%eth0
"""


@pytest.mark.parametrize("address", [*PUBLIC_V4, *PUBLIC_V6, "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", SPECIAL.split())
def test_all_others(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_never_public_in_any_embedding(address: IPv4Address) -> None:
    assume(not address.is_global or address.is_multicast)
    inside = int(address)
    assert not is_public(address)
    assert not is_public(IPv6Address(0xFFFF << 32 | inside))
    assert not is_public(IPv6Address(inside))
    assert not is_public(IPv6Address(0x64FF9B << 96 | inside))
    assert not is_public(IPv6Address(0x2002 << 112 | inside << 80))
    assert not is_public(IPv6Address(0x20010000 << 96 | (inside ^ 0xFFFF_FFFF)))


@given(st.ip_addresses(v=6))
def test_what_python_calls_private_is_never_public(address: IPv6Address) -> None:
    assume(not address.is_global or address.is_multicast or address.is_reserved)
    assume(not any(address in network for network in CARRY_IPV4))
    assert not is_public(address)


@given(st.ip_addresses(v=4), st.sampled_from(["{:d}", "0x{:x}", "0{:o}"]))
def test_other_spellings_of_ipv4_are_seen(address: IPv4Address, form: str) -> None:
    number = int(address)
    assert is_disguised(form.format(number))
    assert is_disguised(f"{number >> 24}.{number & 0xFFFFFF}")
    assert is_disguised(f"{number >> 24}.{number >> 16 & 0xFF}.{number & 0xFFFF}")
    assert is_disguised(".".join(f"0{part:03o}" for part in address.packed))
    assert is_disguised(".".join(f"0x{part:x}" for part in address.packed))
    assert not is_disguised(str(address))


@pytest.mark.parametrize("name", ["example.com", "a1", "1a.example", "0xg.example", "hook-1", "x.y2"])
def test_names_are_no_disguise(name: str) -> None:
    assert not is_disguised(name)
