"""Tokens are kept as digests, count until they are revoked, and go along with the ledger."""

from __future__ import annotations

import base64
from contextlib import closing
from hmac import compare_digest
from typing import TYPE_CHECKING

import pytest
from privately import TOKEN, furnish, token
from sqlalchemy import select

from feedsvc.catalog import Catalog, Keyring, schema
from feedsvc.catalog.tokens import PREFIX
from feedsvc.catalog.upkeep import all_tokens, export_ledger, import_ledger, report, revoke_tokens
from feedsvc.errors import FeedsvcError, LedgerError

if TYPE_CHECKING:
    from pathlib import Path

    from house import House


@pytest.fixture
def site(house: House) -> House:
    return furnish(house)


def everything(catalog: Catalog) -> str:
    """All that a catalog holds, as text."""
    with catalog.database.reading() as connection:
        return repr([connection.execute(select(table)).all() for table in schema.tables.sorted_tables])


def test_a_token_has_192_random_bits_behind_its_prefix(site: House) -> None:
    made = token(site)
    assert TOKEN.fullmatch(made)
    assert len(base64.urlsafe_b64decode(f"{made}=")) == 32
    assert (len(made) - PREFIX) * 6 - 2 >= 192
    assert made[0].isalnum()  # so that a prefix is no option on a command line


def test_nothing_of_it_but_its_prefix_and_a_digest_is_kept(site: House, tmp_path: Path) -> None:
    made = token(site)
    held = everything(site.catalog)
    assert f"'{made[:PREFIX]}'" in held
    assert made not in held
    assert made[PREFIX:] not in held
    for file in tmp_path.glob("catalog.db*"):
        assert made[PREFIX:].encode() not in file.read_bytes()


def test_whose_it_is_is_found_by_the_whole_of_it(site: House) -> None:
    ada, ben = token(site, name="Ada"), token(site, "press", "Ben")
    keyring = site.catalog.keyring(Keyring())
    found = keyring.find(ada), keyring.find(ben)
    assert [(each.channel, each.name) for each in found if each] == [
        ("channels/members", "Ada"),
        ("channels/press", "Ben"),
    ]
    mixed = ada[:PREFIX] + ben[PREFIX:]
    for wrong in ("", ada[:PREFIX], ada[:-1], f"{ada}A", mixed, ada.swapcase(), "\ud800", "é" * 43):
        assert keyring.find(wrong) is None


def test_an_unknown_prefix_costs_what_a_known_one_does(site: House, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return compare_digest(one, other)

    monkeypatch.setattr("feedsvc.catalog.tokens.hmac.compare_digest", compare)
    made = token(site)
    keyring = site.catalog.keyring(Keyring())
    for shown in (made, made[:PREFIX] + "A" * 35, "A" * 43, ""):
        keyring.find(shown)
    assert compared == [(64, 64)] * 4


def test_those_who_serve_are_told_of_a_token_and_of_its_end(site: House) -> None:
    before, stamp = site.catalog.keyring(Keyring()), site.catalog.stamp()
    made = token(site)
    assert site.catalog.stamp() != stamp
    stamp, given = site.catalog.stamp(), site.catalog.keyring(before)
    assert site.catalog.keyring(given) is given
    site.clock.now += 60
    (ended,) = revoke_tokens(site.catalog, channel="members", name="Ada")
    assert site.catalog.stamp() != stamp
    revoked = site.catalog.keyring(given).find(made)
    assert given.find(made) == ended
    assert revoked is not None
    assert revoked.revoked is not None


def test_it_is_revoked_by_its_prefix_too_and_only_once(site: House) -> None:
    made = token(site)
    assert len(revoke_tokens(site.catalog, prefix=made[:PREFIX])) == 1
    assert revoke_tokens(site.catalog, prefix=made[:PREFIX]) == ()
    assert revoke_tokens(site.catalog, channel="channels/members", name="Ada") == ()
    (row,) = all_tokens(site.catalog)
    assert row.revoked is not None


def test_a_name_may_have_another_one_after_the_first_was_revoked(site: House) -> None:
    first = token(site)
    with pytest.raises(FeedsvcError, match=r"Ada has an address for members already \(revoke it first"):
        token(site)
    token(site, "press")  # another channel's is another one
    revoke_tokens(site.catalog, channel="members", name="Ada")
    assert token(site) != first
    assert report(site.catalog, 0).tokens == (2, 1)


@pytest.mark.parametrize("channel", ["tags/a", "nothing", "", "channels/members/more", "Members"])
def test_only_a_private_channel_has_tokens(site: House, channel: str) -> None:
    with pytest.raises(FeedsvcError, match=r"is not a private channel.*private are: members, press"):
        token(site, channel)


def test_before_anything_is_published_there_are_none(house: House) -> None:
    with pytest.raises(FeedsvcError, match="feedsvc sync first"):
        token(house)


@pytest.mark.parametrize("name", ["", "  ", "a\nb\x00", "x" * 201])
def test_a_name_is_a_line_of_text(site: House, name: str) -> None:
    with pytest.raises(FeedsvcError, match="is no name"):
        token(site, name=name)


def test_what_was_never_given_cannot_be_revoked(site: House) -> None:
    with pytest.raises(FeedsvcError, match=r"no address was made for Eve and members \(feedsvc token list"):
        revoke_tokens(site.catalog, channel="members", name="Eve")
    with pytest.raises(FeedsvcError, match="no address begins with abcdefgh"):
        revoke_tokens(site.catalog, prefix="abcdefgh")


def test_a_restored_catalog_keeps_its_subscribers(site: House, tmp_path: Path) -> None:
    ada, ben = token(site), token(site, name="Ben")
    revoke_tokens(site.catalog, channel="members", name="Ben")
    lines = list(export_ledger(site.catalog))
    assert ada[PREFIX:].encode() not in b"".join(lines)
    with closing(Catalog(str(tmp_path / "restored.db"))) as restored:
        assert import_ledger(restored, lines, "ledger")
        assert all_tokens(restored) == all_tokens(site.catalog)
        keyring = restored.keyring(Keyring())
        assert keyring.mark
        assert (keyring.find(ada), keyring.find(ben)) == tuple(map(site.catalog.keyring(Keyring()).find, (ada, ben)))
        assert list(export_ledger(restored)) == lines


def test_a_restored_catalog_makes_nothing_public_that_was_not(site: House, tmp_path: Path) -> None:
    with closing(Catalog(str(tmp_path / "restored.db"))) as restored:
        import_ledger(restored, export_ledger(site.catalog), "ledger")
        with restored.database.reading() as connection:
            names = select(schema.membership.c.id, schema.channel.c.name).join(
                schema.channel, schema.channel.c.key == schema.membership.c.channel
            )
            places = {tuple(row) for row in connection.execute(names)}
    assert {name for uri, name in places if uri.endswith("inside")} == {"channels/members"}


def test_a_ledger_of_before_there_were_tokens_is_imported(house: House, tmp_path: Path) -> None:
    house.write("a.md")
    house.sync()
    lines = list(export_ledger(house.catalog))
    assert b"token" not in b"".join(lines)  # nor would an older program find anything in it that it does not know
    with closing(Catalog(str(tmp_path / "restored.db"))) as restored:
        assert import_ledger(restored, lines, "ledger")
        assert all_tokens(restored) == ()


def test_what_is_wrong_with_a_token_s_line_is_told(site: House, tmp_path: Path) -> None:
    token(site)
    *lines, last = export_ledger(site.catalog)
    wrong = last.replace(b'"digest":"', b'"digest":"x')
    with closing(Catalog(str(tmp_path / "restored.db"))) as restored:
        with pytest.raises(LedgerError, match="is no SHA-256 in hexadecimal"):
            import_ledger(restored, [*lines, wrong], "ledger")
        with pytest.raises(LedgerError, match="stands on line"):
            import_ledger(restored, [*lines, last, last], "ledger")
        with pytest.raises(LedgerError, match="the head promises 1 tokens, and the file has 0"):
            import_ledger(restored, lines, "ledger")
