"""Which IP addresses belong to the public internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
"""All that was ever given out of IPv6; what lies outside has a special meaning, or none yet."""
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 writes IPv4 addresses (NAT64): as public as what is inside."""
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_NEVER: Final = tuple(
    # Listed here because versions of Python disagree on some of them, and call others public that nobody calls.
    IPv4Network(network) if "." in network else IPv6Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and the metadata of one cloud
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own service on every machine of it, though the address is public
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # protocols, among them Teredo, which carries IPv4 inside
        "2001:db8::/32",
        "2002::/16",  # 6to4, which carries IPv4 inside
        "3fff::/20",
    )
)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the internet could mean the same machine by it. In doubt, no."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        if address in _MAPPED or address in _TRANSLATED:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not any(
        network.version == address.version and address in network for network in _NEVER
    )


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that `host` spells out in the usual form; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_disguised(host: str) -> bool:
    """Whether `host` is an IPv4 address in another spelling than four decimal numbers: `127.1`, `0x7f000001`.

    Programs disagree on what these mean. A name whose last part is a number can be nothing else.
    """
    last = host.rpartition(".")[2]
    is_number = last.isdigit() or (last[:2] == "0x" and all(c in "0123456789abcdef" for c in last[2:]))
    return is_number and literal(host) is None
