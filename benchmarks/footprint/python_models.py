"""The models in Python, and what their import costs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from measures import Cost, Table, measure

ENUM: Final = """\
class State(enum.Enum):
    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"
"""

FIELDS: Final = """\
    id: str
    customer_name: str
    total_price: float
    item_count: int | None = None
    note: str | None = None
    created_at: datetime
    items: list[Order{items}]
    parent: Order{parent} | None = None
    state: State
    labels: dict[str, str] | None = None
"""

#: The imports, the decorator and the head of a class, and how to decode.
LIBRARIES: Final = {
    "pydantic": (
        "from pydantic import BaseModel, ConfigDict\n"
        "from pydantic.alias_generators import to_camel\n"
        "class Base(BaseModel):\n"
        "    model_config = ConfigDict(alias_generator=to_camel, defer_build=True)\n",
        "class Order{n}(Base):\n",
        "models.Order0.model_validate_json(text)",
    ),
    "msgspec": (
        "import msgspec\n",
        "class Order{n}(msgspec.Struct, kw_only=True, rename='camel'):\n",
        "models.msgspec.json.decode(text, type=models.Order0)",
    ),
    "attrs": (
        "import attrs\n",
        "@attrs.define(kw_only=True)\nclass Order{n}:\n",
        "models.Order0",  # it has no decoder
    ),
}

ADDRESS: Final = (
    'text = b\'{"name": "Ana", "street": "High Street", "house": 1, '
    '"city": "Lima", "since": "2024-05-06T07:08:09Z"}\'\n'
)

DOCUMENT: Final = (
    'text = b\'{"id": "1", "customerName": "Ana", "totalPrice": 1.5, '
    '"createdAt": "2024-05-06T07:08:09Z", "items": [], "state": "open"}\'\n'
)


def tables(folder: Path, graph: list[tuple[int, int]]) -> Iterator[Table]:
    """Yield the table of Python."""
    table = Table("Python: import, decode", ["one, s", " MB", "all, s", " MB"])
    empty = run("", folder)
    one = run(f"{ADDRESS}from models.address import Address\nAddress.from_json(text)", folder)
    every = run(f"{DOCUMENT}from models import *\nOrder0.from_json(text)", folder)
    table.rows["modelsync"] = [*cells(one, empty), *cells(every, empty)]
    for name, (imports, head, decode) in LIBRARIES.items():
        code = ["from __future__ import annotations\nimport enum\nfrom datetime import datetime\n"]
        code += [imports, ENUM]
        for n, (items, parent) in enumerate(graph):
            code.append(head.format(n=n) + FIELDS.format(items=items, parent=parent))
        place = folder / name
        place.mkdir()
        (place / "models.py").write_text("\n".join(code))
        cost = run(f"{DOCUMENT}import models\n{decode}", place)
        table.rows[f"{name} {version(name)}"] = cells(cost, empty) * 2
    yield table


def run(code: str, folder: Path) -> Cost:
    """Return the cost of some code, after the modules that it imports were compiled."""
    command = [sys.executable, "-c", code]
    env = {"PYTHONPATH": str(folder)}
    measure(command, folder, env, runs=1)
    return measure(command, folder, env)


def cells(cost: Cost, empty: Cost) -> list[str]:
    """Return the time and the memory that an empty Python does not take."""
    return [f"{cost.cpu - empty.cpu:.2f}", f"{cost.memory - empty.memory:.0f}"]
