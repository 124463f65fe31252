"""TLS contexts: they serve, refuse, and say which file is wrong."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from kernel.support.settings import Tls
from kernel.support.tls import client_context, read_pem, server_context

Run = Callable[[Any], Any]


class Files:
    """An authority, a server's certificate and a client's, as files."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(self.ca)
        self.server = self._issue(authority, folder, "localhost")
        self.client = self._issue(authority, folder, "client@example.org")

    @staticmethod
    def _issue(authority: trustme.CA, folder: Path, name: str) -> tuple[Path, Path]:
        issued = authority.issue_cert(name)
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        issued.cert_chain_pems[0].write_to_path(certificate)
        issued.private_key_pem.write_to_path(key)
        return certificate, key


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("tls"))


async def talk(server: ssl.SSLContext, client: ssl.SSLContext) -> tuple[bytes, str | None]:
    """What a client reads from a server, and the protocol that they agreed on."""

    async def serve(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server)
    async with listener:
        port = listener.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=client, server_hostname="localhost"
        )
        agreed = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        answer = await reader.read()
        writer.close()
        return answer, agreed


def test_both_sides_agree(run: Run, files: Files) -> None:
    server = server_context(Tls(*files.server), ("h2", "http/1.1"))
    client = client_context(Tls(ca=files.ca), ("http/1.1",))
    assert run(talk(server, client)) == (b"hello", "http/1.1")


def test_a_server_with_an_authority_wants_a_clients_certificate(run: Run, files: Files) -> None:
    server = server_context(Tls(*files.server, files.ca))
    assert run(talk(server, client_context(Tls(*files.client, files.ca)))) == (b"hello", None)
    try:
        answer, _ = run(talk(server, client_context(Tls(ca=files.ca))))
    except (ssl.SSLError, ConnectionError):
        answer = b""
    assert answer == b""  # TLS 1.3 tells a client that it is refused only when it reads


def test_a_client_trusts_nobody_else(run: Run, files: Files) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        run(talk(server_context(Tls(*files.server)), client_context(None)))


def test_old_versions_are_refused(files: Files) -> None:
    for context in (server_context(Tls(*files.server)), client_context(None)):
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda f: server_context(Tls()), "needs a certificate and its key"),
        (lambda f: server_context(Tls(Path("/gone.pem"), f.ca)), "cannot read the TLS file"),
        (lambda f: server_context(Tls(f.server[0], f.client[1])), "no PEM certificate with"),
        (lambda f: client_context(Tls(ca=f.server[1])), "has no PEM certificates"),
        (lambda f: read_pem(Path("/")), "cannot read the TLS file /"),
    ],
)
def test_a_wrong_file_is_named(files: Files, make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(files)
