"""What is published: a path in; a Document out, made on first asking and kept while it is good."""

from feedsvc.publication.publication import Publication
from feedsvc.publication.trouble import Trouble

__all__ = ["Publication", "Trouble"]
