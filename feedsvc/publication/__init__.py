"""What is published: a path in; a Document out, made on first asking and kept while it is good."""

from feedsvc.publication.publication import Publication, Trouble

__all__ = ["Publication", "Trouble"]
