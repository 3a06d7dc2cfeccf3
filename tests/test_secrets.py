from __future__ import annotations

import pytest

from feedsvc.config.secrets import hidden


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://me:secret@host:1/catalog", "postgresql://me:***@host:1/catalog"),
        ("postgresql://me:se:cr@et/secret@host/catalog", "postgresql://me:***@host/catalog"),
        ("postgresql://:secret@/catalog?host=/run", "postgresql://:***@/catalog?host=/run"),
        (
            "postgresql://host/c?user=me&password=secret&connect_timeout=1",
            "postgresql://host/c?user=me&password=***&connect_timeout=1",
        ),
        ('database = "mysql://me:secret@host/c"  # mine', 'database = "mysql://me:***@host/c"  # mine'),
    ],
)
def test_a_password_in_a_url_is_not_shown(text: str, shown: str) -> None:
    assert hidden(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "catalog.db",
        "sqlite:////var/lib/catalog.db",
        "postgresql://me@host:5432/catalog",
        "a: b@c",
        "https://example.org/a",
    ],
)
def test_what_has_none_stays_as_it_is(text: str) -> None:
    assert hidden(text) == text
