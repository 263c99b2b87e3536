"""The client for addresses of somebody else: every connection is to an address that was checked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.core.outgoing import OutgoingRules, UnsafeAddress
from app.core.outgoing.client import open_outgoing
from tests.fixtures.server import serving
from tests.fixtures.tls import Authority


class Names:
    """A name server of the test: gives the answers of a name one after the other, the last one again and again."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): list(given) for name, given in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        left = self.answers[host]
        return left.pop(0) if len(left) > 1 else left[0]


def rules(names: Names, *private_hosts: str, https_only: bool = False) -> OutgoingRules:
    return OutgoingRules.of(private_hosts, https_only=https_only, resolver=names)


@asynccontextmanager
async def receiver() -> AsyncIterator[int]:
    """A server on loopback that says what it was asked, and redirects; gives its port."""

    async def say(request: Request) -> JSONResponse:
        return JSONResponse({"host": request.headers["host"], "accepts": request.headers["accept-encoding"]})

    async def redirect(request: Request) -> Response:
        return RedirectResponse(request.query_params["to"])

    app = Starlette(routes=[Route("/", say), Route("/redirect", redirect)])
    async with serving(app) as url:
        yield int(url.rpartition(":")[2])


class TestConnections:
    async def test_a_private_host_that_the_operator_vouches_for_is_called_by_its_name(self) -> None:
        async with (
            receiver() as port,
            open_outgoing(rules(Names(hooks_test=[["127.0.0.1"]]), "hooks.test")) as client,
        ):
            answer = await client.get(f"http://hooks.test:{port}/")
        assert answer.json() == {"host": f"hooks.test:{port}", "accepts": "identity"}

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]", "[::1]"]
    )
    async def test_a_private_address_is_never_reached(self, host: str) -> None:
        async with receiver() as port, open_outgoing(rules(Names())) as client:
            with pytest.raises(UnsafeAddress):
                await client.get(f"http://{host}:{port}/")

    async def test_a_name_that_was_public_when_it_was_entered_and_is_private_now(self) -> None:
        names = Names(rebinding_test=[["93.184.216.34"], ["127.0.0.1"]])
        assert await names("rebinding.test", 80) == ["93.184.216.34"]
        async with receiver() as port, open_outgoing(rules(names)) as client:
            with pytest.raises(UnsafeAddress):
                await client.get(f"http://rebinding.test:{port}/")

    async def test_a_name_is_looked_up_once_for_a_connection_so_that_nothing_comes_between(self) -> None:
        """A second look-up would give a private address; the first one is what is connected to."""
        names = Names(hooks_test=[["127.0.0.1"], ["10.255.255.1"]])
        async with receiver() as port, open_outgoing(rules(names, "hooks.test")) as client:
            assert (await client.get(f"http://hooks.test:{port}/")).status_code == 200
        assert names.asked == ["hooks.test"]

    async def test_one_private_address_among_public_ones_refuses_the_name(self) -> None:
        names = Names(both_test=[["93.184.216.34", "127.0.0.1"]])
        async with receiver() as port, open_outgoing(rules(names)) as client:
            with pytest.raises(UnsafeAddress):
                await client.get(f"http://both.test:{port}/")

    async def test_the_next_address_of_a_host_is_tried_when_the_first_does_not_answer(self) -> None:
        names = Names(hooks_test=[["127.0.0.9", "::1", "127.0.0.1"]])
        async with receiver() as port, open_outgoing(rules(names, "hooks.test")) as client:
            assert (await client.get(f"http://hooks.test:{port}/")).status_code == 200

    async def test_names_with_other_letters_are_called_in_their_ascii_form(self) -> None:
        names = Names(**{"xn--bcher-kva_test": [["127.0.0.1"]]})
        async with receiver() as port, open_outgoing(rules(names, "xn--bcher-kva.test")) as client:
            assert (await client.get(f"http://xn--bcher-kva.test:{port}/")).status_code == 200

    async def test_a_host_that_nobody_knows_is_a_connection_that_failed(self) -> None:
        names = Names(gone_test=[[]])
        async with open_outgoing(rules(names)) as client:
            with pytest.raises(httpx.ConnectError):
                await client.get("http://gone.test/")

    async def test_proxies_of_the_environment_are_not_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        async with (
            receiver() as port,
            open_outgoing(rules(Names(hooks_test=[["127.0.0.1"]]), "hooks.test")) as client,
        ):
            assert (await client.get(f"http://hooks.test:{port}/")).status_code == 200

    async def test_in_production_nothing_public_is_called_without_encryption(self) -> None:
        names = Names(public_test=[["93.184.216.34"]])
        async with open_outgoing(rules(names, https_only=True)) as client:
            with pytest.raises(UnsafeAddress):
                await client.get("http://public.test/")
        assert names.asked == []


class TestRedirects:
    async def test_are_not_followed_unless_asked_for(self) -> None:
        async with (
            receiver() as port,
            open_outgoing(rules(Names(hooks_test=[["127.0.0.1"]]), "hooks.test")) as client,
        ):
            answer = await client.get(f"http://hooks.test:{port}/redirect?to=http://169.254.169.254/")
        assert answer.status_code == 307

    @pytest.mark.parametrize(
        "target",
        [
            *(
                "http://127.0.0.1:{port}/",
                "http://localhost:{port}/",
                "http://2130706433:{port}/",
                "//127.1:{port}/",
            ),
            *(
                "http://[::ffff:127.0.0.1]:{port}/",
                "http://169.254.169.254/latest/meta-data/",
                "http://other.test:{port}/",
            ),
        ],
    )
    async def test_to_a_private_address_are_refused(self, target: str) -> None:
        names = Names(hooks_test=[["127.0.0.1"]], other_test=[["127.0.0.1"]])
        async with (
            receiver() as port,
            open_outgoing(rules(names, "hooks.test")) as client,
        ):
            with pytest.raises(UnsafeAddress):
                await client.get(
                    f"http://hooks.test:{port}/redirect",
                    params={"to": target.format(port=port)},
                    follow_redirects=True,
                )

    @pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://hooks.test/"])
    async def test_to_another_protocol_are_refused(self, target: str) -> None:
        names = Names(hooks_test=[["127.0.0.1"]])
        async with (
            receiver() as port,
            open_outgoing(rules(names, "hooks.test")) as client,
        ):
            with pytest.raises((UnsafeAddress, httpx.UnsupportedProtocol)):
                await client.get(
                    f"http://hooks.test:{port}/redirect", params={"to": target}, follow_redirects=True
                )

    async def test_within_what_is_allowed_are_followed(self) -> None:
        names = Names(hooks_test=[["127.0.0.1"]])
        async with (
            receiver() as port,
            open_outgoing(rules(names, "hooks.test")) as client,
        ):
            answer = await client.get(
                f"http://hooks.test:{port}/redirect",
                params={"to": f"http://hooks.test:{port}/"},
                follow_redirects=True,
            )
        assert answer.status_code == 200


@asynccontextmanager
async def encrypted(authority: Authority, *hosts: str) -> AsyncIterator[tuple[int, list[str | None]]]:
    """A TLS server on loopback with a certificate for `hosts`; gives its port and the names that it was asked for."""
    asked: list[str | None] = []
    context = authority.server_context(*hosts)
    context.sni_callback = lambda _connection, name, _context: asked.append(name)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], asked
    finally:
        server.close()
        await server.wait_closed()


class TestCertificates:
    async def test_are_verified_for_the_name_although_the_connection_is_to_an_address(
        self, tmp_path: Path
    ) -> None:
        authority = Authority(tmp_path)
        allowed = rules(Names(hooks_test=[["127.0.0.1"]]), "hooks.test")
        async with (
            encrypted(authority, "hooks.test") as (port, asked),
            open_outgoing(allowed, certificates=authority.client_context()) as client,
        ):
            assert (await client.get(f"https://hooks.test:{port}/")).text == "ok"
        assert asked == ["hooks.test"]

    async def test_of_another_name_are_refused(self, tmp_path: Path) -> None:
        authority = Authority(tmp_path)
        allowed = rules(Names(wrong_test=[["127.0.0.1"]]), "wrong.test")
        async with (
            encrypted(authority, "hooks.test") as (port, _),
            open_outgoing(allowed, certificates=authority.client_context()) as client,
        ):
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await client.get(f"https://wrong.test:{port}/")

    async def test_of_an_unknown_authority_are_refused(self, tmp_path: Path) -> None:
        allowed = rules(Names(hooks_test=[["127.0.0.1"]]), "hooks.test")
        async with (
            encrypted(Authority(tmp_path), "hooks.test") as (port, _),
            open_outgoing(allowed) as client,
        ):
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await client.get(f"https://hooks.test:{port}/")

    async def test_a_connection_verified_for_one_host_never_serves_another_at_the_same_address(
        self, tmp_path: Path
    ) -> None:
        authority = Authority(tmp_path)
        names = Names(one_test=[["127.0.0.1"]], two_test=[["127.0.0.1"]])
        async with (
            encrypted(authority, "one.test") as (port, asked),
            open_outgoing(
                rules(names, "one.test", "two.test"), certificates=authority.client_context()
            ) as client,
        ):
            for _ in range(2):
                assert (await client.get(f"https://one.test:{port}/")).text == "ok"
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await client.get(f"https://two.test:{port}/")
        assert asked == ["one.test", "two.test"]
