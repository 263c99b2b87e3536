"""Addresses that people type in: what is taken, and in how many ways one can ask for a private one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.outgoing import OutgoingRules, UnknownHost, UnsafeAddress, check_url

NAMES = {
    "example.com": ["93.184.216.34", "2606:4700::1111"],
    "xn--bcher-kva.example": ["93.184.216.35"],
    "intranet": ["10.1.2.3"],
    "both.example": ["93.184.216.34", "192.168.0.5"],
    "six.example": ["fd00::5"],
    "mapped.example": ["::ffff:169.254.169.254"],
    "metadata.google.internal": ["169.254.169.254"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "linklocal.example": ["fe80::1%2"],
}


async def by_table(host: str, port: int) -> Sequence[str]:
    if host not in NAMES:
        raise OSError("no such name")
    return NAMES[host]


def rules(*private_hosts: str, https_only: bool = False) -> OutgoingRules:
    return OutgoingRules.of(private_hosts, https_only=https_only, resolver=by_table)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.com/hook", "https://example.com/hook"),
        ("https://EXAMPLE.com.:8443/Hook?a=B", "https://example.com:8443/Hook?a=B"),
        (" http://example.com ", "http://example.com/"),
        ("https://93.184.216.34/x", "https://93.184.216.34/x"),
        ("https://[2606:4700:0::1111]:444/x", "https://[2606:4700::1111]:444/x"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
    ],
)
async def test_public_addresses_are_kept_in_their_plainest_spelling(url: str, kept: str) -> None:
    assert await check_url(url, rules()) == kept


WRITTEN = """
    127.0.0.1 127.0.0.1. 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0x7F.0.0.1 0177.0.0.1 017700000001 00000177.0.0.1
    127.0.0.1:80 127.000.000.001 0 0.0.0.0 0x0 1 10.0.0.1 10.1 172.16.0.1 192.168.0.1 3232235521 0xc0a80001 192.168.1
    100.64.0.1 169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 192.0.0.192 198.18.0.1
    224.0.0.1 240.0.0.1 255.255.255.255 256.256.256.256 1.2.3.4.5 168.63.129.16 4294967296
    [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::]
    [2001::1] [fc00::1] [fd00:ec2::254] [fe80::1] [fe80::1%25eth0] [fe80::1%eth0] [ff02::1] [fec0::1]
    [::ffff:0:127.0.0.1] [2001:db8::1] [127.0.0.1] [::1
    localhost LOCALHOST localhost. localhost:8000 a.localhost a.b.localhost.
    intranet intranet. both.example six.example mapped.example metadata.google.internal 127.0.0.1.nip.example
    linklocal.example １２７.0.0.1 127。0。0。1 ⓛocalhost ①②⑦.⓪.⓪.① 127.0.0.1%00.example.com
    example.com\\@127.0.0.1 127.0.0.1\\.example.com example.com@127.0.0.1 me:secret@example.com @example.com
    example.com:22 example.com:0 example.com:99999 example.com:x example.com:6379
    . -example.com a..example.com %31%32%37.0.0.1 127.0.0.1%2f
"""
HOSTILE_HOSTS = (
    *WRITTEN.split(),
    *(
        "",
        "exa mple.com",
        "example.com\t",
        "exam\nple.com",
        "lo\u00adcalhost",
        "127.0.0.1\r\nHost: example.com",
    ),
    *("e" * 64 + ".example", "x." * 130 + "example"),
)


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
async def test_hostile_hosts_are_refused(host: str) -> None:
    with pytest.raises(UnsafeAddress) as refused:
        await check_url(f"http://{host}/hook", rules())
    assert refused.value.code == "unsafe_address"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "example.com",
            "//example.com/",
            "file:///etc/passwd",
            "ftp://example.com/",
            "gopher://example.com/",
        ),
        *(
            "javascript:alert(1)",
            "data:text/plain,x",
            "unix:///run/docker.sock",
            "http:example.com",
            "http:///x",
        ),
        *(
            "https://example.com/#part",
            "https://example.com/#",
            "https://example.com/ü",
            "https://example.com/a b",
        ),
        *(
            "ws://example.com/",
            "https:/example.com",
            "https://example.com/" + "x" * 2000,
            "http://\x00example.com",
        ),
    ],
)
async def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UnsafeAddress):
        await check_url(url, rules())


def test_the_sets_are_as_large_as_promised() -> None:
    assert len(set(HOSTILE_HOSTS)) >= 60


async def test_an_unknown_name_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownHost, match="nowhere"):
        await check_url("https://nowhere.example/", rules())


async def test_a_name_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr("app.core.outgoing.rules._RESOLVING_SECONDS", 0.01)
    with pytest.raises(UnknownHost):
        await check_url("https://example.com/", OutgoingRules.of((), https_only=False, resolver=never))


async def test_an_answer_that_is_no_address_is_no_answer() -> None:
    async def odd(host: str, port: int) -> Sequence[str]:
        return ["93.184.216.34", "not an address"]

    with pytest.raises(UnknownHost):
        await check_url("https://example.com/", OutgoingRules.of((), https_only=False, resolver=odd))


async def test_the_refusal_says_what_to_do_and_never_where_the_name_leads() -> None:
    with pytest.raises(UnsafeAddress) as refused:
        await check_url("https://intranet/", rules())
    assert "OUTGOING_PRIVATE_HOSTS" in refused.value.detail
    assert "10.1.2.3" not in refused.value.detail


class TestHostsTheOperatorVouchesFor:
    @pytest.mark.parametrize(
        "url", ["http://intranet/", "http://INTRANET.:8080/x", "http://10.0.0.7/", "http://[fd00::5]/"]
    )
    async def test_may_be_private(self, url: str) -> None:
        await check_url(url, rules("Intranet", "10.0.0.7", "[fd00:0::5]"))

    @pytest.mark.parametrize(
        "url", ["http://localhost/", "http://10.1.2.3/", "http://x.intranet/", "http://10.0.0.70/"]
    )
    async def test_are_meant_by_name_and_not_by_where_they_lead(self, url: str) -> None:
        with pytest.raises((UnsafeAddress, UnknownHost)):
            await check_url(url, rules("intranet", "10.0.0.7"))

    async def test_alone_do_without_encryption_in_production(self) -> None:
        strict = rules("intranet", https_only=True)
        assert await check_url("http://intranet/", strict)
        assert await check_url("https://example.com/", strict)
        with pytest.raises(UnsafeAddress, match="https://"):
            await check_url("http://example.com/", strict)


@given(st.one_of(st.text(max_size=60), st.from_regex(r"https?://[^/]{0,40}/", fullmatch=True)))
def test_whatever_is_typed_gets_a_clear_answer(url: str) -> None:
    try:
        assert asyncio.run(check_url(url, rules())).startswith(("http://", "https://"))
    except (UnsafeAddress, UnknownHost) as refused:
        assert refused.status == 422
