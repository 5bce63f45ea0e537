"""References as text: URIs and paths of files, which have the same rules (RFC 3986)."""

from __future__ import annotations

import posixpath
import re
from typing import Final
from urllib.parse import unquote, urljoin

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
"""A scheme has two characters at least: `C:` is a drive."""


def is_url(uri: str) -> bool:
    """Return whether a URI has a scheme. The others are paths of files."""
    return _SCHEME.match(uri) is not None


def split(ref: str) -> tuple[str, str]:
    """Return a reference without its fragment, and the fragment, decoded."""
    uri, _, fragment = ref.partition("#")
    return uri, unquote(fragment)


def join(base: str, uri: str) -> str:
    """Return the URI or the path that a reference without fragment means at a base."""
    if not uri:
        return base
    if uri.startswith("file:"):
        return posixpath.normpath(unquote(re.sub("^file:(//[^/]*)?", "", uri)))
    if is_url(uri):
        return uri
    scheme = _SCHEME.match(base)
    if scheme is None:
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(uri)))
    # `urljoin` only knows some schemes.
    joined = urljoin(f"http:{base[scheme.end() :]}", uri)
    return scheme[0] + joined.removeprefix("http:")


def key_of(uri: str) -> str:
    """Return what URIs of the same resource have in common."""
    uri = uri.partition("#")[0]
    return f"http:{uri[6:]}" if uri.startswith("https:") else uri


def relative_path(url: str, base: str) -> str | None:
    """Return the path from one URL to another one of the same host, as a reference."""
    here, there = base.split("/"), url.split("/")
    if len(here) < 4 or len(there) < 4 or here[2] != there[2]:
        return None
    return posixpath.relpath("/".join(there[3:]) or ".", "/".join(here[3:-1]) or ".")


def tokens(pointer: str) -> list[str]:
    """Return the keys in a JSON pointer (RFC 6901)."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def pointer(keys: list[str]) -> str:
    """Return the JSON pointer of some keys."""
    return "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys)
