"""The comment at the end of a reference page: what its spec says besides what readers see.

It is YAML with the keys of a spec, and a few keys of its own. Text in it cannot end the comment.
"""

from __future__ import annotations

import hashlib
from typing import Final

START: Final = "<!-- More of the spec:"
"""The first line of the comment."""
GENERATED_EXAMPLE: Final = "generated-example"
"""The key with the digest of an example that is not in the spec."""
DOCUMENT: Final = "document"
"""The key with the number of the document in its spec, if that has several."""
MEMBERS: Final = "members"
"""The key with the order of a union's members, if the rows of the table have another one."""


def example_digest(text: str) -> str:
    """Return the digest of an example, which shows whether someone has edited it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
