from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.clients import Clients, household, parsed

CLIENTS = Clients("127.0.0.1, ::1, 10.0.0.0/8, 2001:db8:ffff::/48")

addresses = st.ip_addresses().map(str)
ours = st.sampled_from(["127.0.0.1", "::1", "10.1.2.3", "::ffff:10.0.0.1", "2001:db8:ffff::7"])


def client(peer: str, *forwarded: str, name: str = "x-forwarded-for") -> str:
    return CLIENTS.client(peer, [(name.encode(), value.encode("latin-1")) for value in forwarded])


def test_without_a_proxy_the_peer_is_the_client() -> None:
    assert client("192.0.2.1") == "192.0.2.1"
    assert client("127.0.0.1") == "127.0.0.1"
    assert client("::ffff:192.0.2.1") == "192.0.2.1"
    assert client("") == ""


@given(st.one_of(addresses, st.just("")).filter(lambda peer: not CLIENTS.is_trusted(peer)), st.lists(addresses))
def test_nobody_but_a_trusted_proxy_says_who_the_client_is(peer: str, told: list[str]) -> None:
    assert client(peer, ", ".join(told)) == client(peer)


@given(st.lists(addresses), addresses.filter(lambda each: not CLIENTS.is_trusted(each)), st.lists(ours), ours)
def test_what_a_client_says_of_itself_never_counts(lies: list[str], real: str, between: list[str], peer: str) -> None:
    assert client(peer, ", ".join([*lies, real, *between])) == str(parsed(real))


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("  192.0.2.1 ", "192.0.2.1"),
        ("192.0.2.1:5000", "192.0.2.1"),
        ("[2001:db8::1]:5000", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("198.51.100.1, 192.0.2.1", "192.0.2.1"),
        ("198.51.100.1, 10.0.0.1", "198.51.100.1"),
        ("10.0.0.2, 10.0.0.1", "10.0.0.2"),
        ("192.0.2.1, unknown, 10.0.0.1", "10.0.0.1"),
        ("unknown", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("192.0.2.1,", "127.0.0.1"),
        ("\xff\xfe", "127.0.0.1"),
    ],
)
def test_the_nearest_one_that_is_not_ours_is_the_client(told: str, found: str) -> None:
    assert client("127.0.0.1", told) == found


def test_several_fields_are_one_list() -> None:
    assert client("127.0.0.1", "198.51.100.1", "192.0.2.1") == "192.0.2.1"


def test_other_fields_say_nothing() -> None:
    for name in ("forwarded", "x-real-ip", "x-client-ip"):
        assert client("127.0.0.1", "192.0.2.1", name=name) == "127.0.0.1"


def test_where_nobody_is_trusted_nobody_is_believed() -> None:
    assert Clients("").client("127.0.0.1", [(b"x-forwarded-for", b"192.0.2.1")]) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", None),
        ("127.1.2.3", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("", ""),
    ],
)
def test_a_line_is_one_household_and_this_machine_is_none(address: str, found: str | None) -> None:
    assert household(address) == found
