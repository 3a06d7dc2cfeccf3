"""What JSON Feed 1.1 asks of a document (https://www.jsonfeed.org/version/1.1/), as far as a program can tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_TEXT = {"title", "description", "user_comment", "summary", "content_html", "content_text"}
_URLS = {"home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "external_url", "image", "banner_image"}
_TOP = {"version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon"}
_TOP |= {"favicon", "authors", "language", "expired", "hubs", "items"}
_ITEM = {"id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image"}
_ITEM |= {"date_published", "date_modified", "authors", "tags", "language", "attachments"}

_ATTACHMENT = {"url", "mime_type", "title", "size_in_bytes", "duration_in_seconds"}


def faults(document: Any) -> Iterator[str]:
    """Each breach of the specification in a decoded document, in words."""
    if document.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version is not that of 1.1"
    if not document.get("title"):
        yield "no title"
    yield from _object("top", document, _TOP)
    items = document.get("items")
    if not isinstance(items, list):
        yield "items is not a list"
        return
    for item in items:
        yield from _item(item)
    if len({item.get("id") for item in items}) != len(items):
        yield "two items have one id"


def _item(item: Any) -> Iterator[str]:
    where = f"item {item.get('id')!r}"
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield f"{where}: id is not a text"
    if "content_html" not in item and "content_text" not in item:
        yield f"{where}: no content"
    if not all(isinstance(tag, str) for tag in item.get("tags", [])):
        yield f"{where}: a tag is not a text"
    for attachment in item.get("attachments", []):
        yield from _object(f"{where}: attachment", attachment, _ATTACHMENT)
        if not attachment.keys() >= {"url", "mime_type"}:
            yield f"{where}: an attachment lacks its url or type"
    yield from _object(where, item, _ITEM)


def _object(where: str, values: Any, known: set[str]) -> Iterator[str]:
    for name, value in values.items():
        if name not in known and not name.startswith("_"):
            yield f"{where}: {name} is unknown"
        if not _is_right(name, value):
            yield f"{where}: {name} is wrong: {value!r}"
    for author in values.get("authors", []):
        if not author or not author.keys() <= {"name", "url", "avatar"}:
            yield f"{where}: an author is wrong: {author!r}"


def _is_right(name: str, value: Any) -> bool:
    if name in _URLS:
        return bool(isinstance(value, str) and urlsplit(value).scheme)
    if name in _TEXT:
        return isinstance(value, str)
    if name.startswith("date_"):
        return bool(_DATE.fullmatch(value))
    if name == "language":
        return bool(_LANGUAGE.fullmatch(value))
    return True
