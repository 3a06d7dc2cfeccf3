"""Why there is no document: an error in; the answer that says so, and where to go on, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc import pages
from feedsvc.errors import CatalogError, Crowded, FilterError, Gone, NotFound, NotReady, SearchError, Unpublished
from feedsvc.publication import views
from feedsvc.publication.documents import Notice
from feedsvc.publication.private import is_private
from feedsvc.web.answers import Answer, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Document
    from feedsvc.publication import Publication
    from feedsvc.web.answers import Moment

HTML = "text/html; charset=utf-8"

# Of so many messages the pages are kept within a second: each reason of a withdrawal is one.
_MOST_MESSAGES = 64

# For so many seconds a cache may say that there is nothing: an article may come at any moment.
SHORTLY = 10

# What is no filter now will be none in an hour.
_FOR_LONG = ("Cache-Control", "max-age=3600")

_NOTHING_THERE = "There is nothing at this address."

# What is told of each reason for which there is no document; where no words stand here, those of the error.
_UNPUBLISHED: tuple[tuple[type[Exception], int, str, str, tuple[str, str]], ...] = (
    (SearchError, 400, "Too much at once", "", _FOR_LONG),
    (FilterError, 400, "No such filter", "", _FOR_LONG),
    (Crowded, 503, "One by one", "Too much is asked for at once. Please ask again.", ("Retry-After", "2")),
    (NotReady, 503, "One moment", "The articles are being read for the first time.", ("Retry-After", "1")),
    (
        CatalogError,
        503,
        "Out of order",
        "This page cannot be made at the moment. Please ask again.",
        ("Retry-After", "5"),
    ),
    (
        Gone,
        410,
        "Withdrawn",
        "What stood here was withdrawn by its publisher.",
        ("Cache-Control", f"max-age={SHORTLY}"),
    ),
)

# A script of another site is told why it gets nothing.
_OPEN = ("Access-Control-Allow-Origin", "*")
_VARY = ("Vary", "Accept-Encoding")
_NOSNIFF = ("X-Content-Type-Options", "nosniff")
_PAGE = (_VARY, _OPEN, _NOSNIFF, ("Content-Security-Policy", "default-src 'none'; style-src 'self'"))
_TOLD = (_VARY, _OPEN, _NOSNIFF, ("Cache-Control", f"max-age={SHORTLY}"))


class Absences:
    """The answers to those who get no document.

    Args:
        moment: what is prepared for the second that it is.
    """

    def __init__(self, publication: Publication, moment: Callable[[], Moment]) -> None:
        self._publication = publication
        self._moment = moment

    async def told(self, error: Exception, path: str) -> Answer:
        """The answer to who asked for a path below the base URL: with articles to go on to, where they can be had."""
        notice = _notice(error, path)
        if notice is None:
            return self.plain(error, path)
        try:
            return self._noticed(notice, await self._publication.get(notice))
        except (Unpublished, CatalogError):
            return self.plain(error, path)

    def kept(self, error: Exception, path: str) -> Answer | None:
        """The same answer, if it is there at once."""
        notice = _notice(error, path)
        if notice is None:
            return self.plain(error, path)
        document = self._publication.kept(notice)
        return None if document is None else self._noticed(notice, document)

    def plain(self, error: Exception, path: str = "") -> Answer:
        """The answer that needs nothing of the catalog."""
        if isinstance(error, Gone) and error.instead is not None:
            media_type, body = error.instead
            head = [("Content-Type", media_type), ("Content-Length", str(len(body))), *_TOLD]
            return Answer(410, fields(head, self._moment().now), body)
        reason = f" {error.reason}" if isinstance(error, Gone) and error.reason else ""
        for kind, status, title, message, header in _UNPUBLISHED:
            if isinstance(error, kind):
                return self.message(status, title, f"{message or error}{reason}", header)
        # Not a redirect: it would have to repeat what nobody else is to read.
        message = "An address of this kind ends in a slash: please add it." if _is_unfinished(path) else _NOTHING_THERE
        return self.message(404, "Not found", message, ("Cache-Control", f"max-age={SHORTLY}"))

    def message(self, status: int, title: str, message: str, header: tuple[str, str]) -> Answer:
        """A page that only says something."""
        moment = self._moment()
        found = moment.messages.get((title, message))
        if found is None:
            body = pages.message_page(views.message_view(self._publication.site, title, message))
            own = [header] if header[0] == "Cache-Control" else [header, ("Cache-Control", "no-store")]
            head = [("Content-Type", HTML), ("Content-Length", str(len(body))), *_PAGE, *own]
            found = Answer(status, fields(head, moment.now), body)
            if len(moment.messages) < _MOST_MESSAGES:
                moment.messages[title, message] = found
        return found

    def _noticed(self, notice: Notice, document: Document) -> Answer:
        moment = self._moment()
        found = moment.notices.get(document)
        if found is None:
            body = document.representations["identity"].body
            # No longer than what it leads to stands.
            age = max(0, int(min(SHORTLY, document.lifetime.kept_until - moment.now)))
            head = [("Content-Type", HTML), ("Content-Length", str(len(body))), _VARY, _OPEN, *document.headers]
            found = Answer(notice.status, fields([*head, ("Cache-Control", f"max-age={age}")], moment.now), body)
            moment.notices[document] = found
        return found


def _notice(error: Exception, path: str) -> Notice | None:
    if isinstance(error, Gone) and error.instead is None:
        return Notice(410, error.reason or "")
    return Notice(404) if isinstance(error, NotFound) and not _is_unfinished(path) else None


def _is_unfinished(path: str) -> bool:
    return is_private(path) and path.count("/") == 1
