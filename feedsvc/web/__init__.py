"""Answers over HTTP: a request in; a document, or why there is none, out. Nothing is computed here."""
