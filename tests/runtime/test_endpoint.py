"""URLs and the protocols behind their schemes."""

import pytest
from kernel.sample import SCHEMES
from kernel.support.endpoint import Endpoint, endpoints_of, parse_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("grpc://a:1", [Endpoint("grpc", "a", 1)]),
        ("GRPC://a:1,b:2", [Endpoint("grpc", "a", 1), Endpoint("grpc", "b", 2)]),
        ("rest+http://[::1]:0/api/", [Endpoint("rest+http", "::1", 0, "/api")]),
        ("x://a:1/p?k=v&l=", [Endpoint("x", "a", 1, "/p", {"k": "v"})]),
        ("x://a:1?k=v", [Endpoint("x", "a", 1, "", {"k": "v"})]),
        ("https://api.example", [Endpoint("https", "api.example", 443)]),
        ("rest+http://a,b:1", [Endpoint("rest+http", "a", 80), Endpoint("rest+http", "b", 1)]),
    ],
)
def test_urls_are_read(url: str, expected: list[Endpoint]) -> None:
    assert parse_url(url) == expected


def test_an_endpoint_is_written_as_a_url() -> None:
    assert str(Endpoint("rest+http", "::1", 80, "/api")) == "rest+http://[::1]:80/api"


def test_several_urls_give_all_their_addresses() -> None:
    assert [e.host for e in endpoints_of(["x://a:1,b:1", "y://c:1"])] == ["a", "b", "c"]


def test_an_unknown_scheme_names_the_known() -> None:
    with pytest.raises(ValueError, match="'soap'; known: loopback"):
        SCHEMES.protocol("soap")
