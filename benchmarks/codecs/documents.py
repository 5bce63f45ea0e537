"""The three documents that the codecs decode and encode."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

MESSAGES: Final = 100
SERIES, POINTS = 100, 50
PARTIES, EVENTS = 80, 400


def session() -> dict[str, Any]:
    """Return a chat, mostly text and timestamps: one object with 100 others in a list."""
    messages = [
        {
            "content": f"Message {n}, as long as one sentence of a chat; {'¿sí?' * (n % 10 == 0)}",
            "createdAt": f"2023-05-08T11:{n % 60:02}:36.432Z",
            "id": f"msg_{n:08}",
            "role": "assistant" if n % 2 else "user",
            "updatedAt": f"2023-08-18T22:{n % 60:02}:02.047Z",
        }
        for n in range(MESSAGES)
    ]
    return {
        "assistantMessageCount": MESSAGES // 2,
        "completionTokens": 12_034,
        "cost": 1.25,
        "createdAt": "2023-05-08T11:28:36.432Z",
        "id": "session_00000001",
        "messages": messages,
        "promptTokens": 55_021,
        "title": "How fast are the codecs?",
        "toolCallCount": 3,
        "updatedAt": "2023-08-18T22:35:02.047Z",
        "userMessageCount": MESSAGES // 2,
    }


def series() -> dict[str, Any]:
    """Return measurements: 100 series of 50 floats and 50 integers."""
    return {
        "series": [
            {
                "name": f"sensor {n}",
                "values": [round(100 * math.sin(n + point / 7), 4) for point in range(POINTS)],
                "counts": [(n * point * 7919) % 100_000 for point in range(POINTS)],
            }
            for n in range(SERIES)
        ]
    }


def feed() -> dict[str, Any]:
    """Return what unions are for: 80 objects without a tag, 400 with one, and mixed references."""
    return {
        "parties": [party(n) for n in range(PARTIES)],
        "events": [event(n) for n in range(EVENTS)],
    }


def party(n: int) -> dict[str, Any]:
    """Return a person or a company."""
    if n % 2:
        names = {"legalName": f"Example Works {n} Ltd.", "vatNumber": f"XX{n:09}"}
        return {"id": reference(n), **names, "employees": 10 * n}
    names = {"givenName": f"Ana {n}", "familyName": "Núñez" if n % 10 == 0 else "Smith"}
    return {"id": reference(n), **names, "email": f"ana{n}@example.com"}


def event(n: int) -> dict[str, Any]:
    """Return one of four kinds of events."""
    at = f"2024-02-{n % 28 + 1:02}T09:{n % 60:02}:12.5Z"
    order = {"order": reference(n // 4)}
    match n % 4:
        case 0:
            more = {**order, "buyer": reference(n), "total": 19.9 + n}
            return {"type": "order_placed", "at": at, **more}
        case 1:
            more = {**order, "amount": 19.9 + n, "method": ("card", "transfer", "voucher")[n % 3]}
            return {"type": "payment_received", "at": at, **more}
        case 2:
            weight = {"weight": 0.5 * n} if n % 8 == 2 else {}
            return {"type": "parcel_sent", "at": at, **order, "carrier": "Example Post", **weight}
        case _:
            more = {"author": reference(n), "text": f"Note {n}: the customer called"}
            return {"type": "note_added", "at": at, **more}


def reference(n: int) -> str | int:
    """Return a reference, which old systems write as a number."""
    return 1_000_000 + n if n % 3 == 0 else f"ref_{n:06}"


DOCUMENTS: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "session": session,
    "series": series,
    "feed": feed,
}


def text(name: str) -> str:
    """Return a document as JSON text."""
    return json.dumps(DOCUMENTS[name](), ensure_ascii=False, separators=(",", ":"))
