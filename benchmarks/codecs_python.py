"""Compare the generated Python with popular libraries; `codecs.py` documents the input and output.

Each library has its own copy of the same two dataclasses, with slots like the generated ones, and
is set up for speed as its documentation recommends. The generated code rejects values of a wrong
type. So does pydantic, unless it converts them. The others accept or convert any value.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pydantic.dataclasses
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.preconf.json import make_converter
from cost import cost
from dataclasses_json import LetterCase, config, dataclass_json
from mashumaro.config import BaseConfig
from mashumaro.mixins.json import DataClassJSONMixin
from pydantic.alias_generators import to_camel

sys.path.insert(0, str(Path(__file__).parents[1] / "generated"))
from python.mix.components import ExportSession

ROUNDS: Final = 25


# mashumaro: the mixin generates code for each class, as modelsync does.

ALIASES: Final = {
    name: to_camel(name)
    for name in (
        "assistant_message_count",
        "completion_tokens",
        "created_at",
        "prompt_tokens",
        "tool_call_count",
        "updated_at",
        "user_message_count",
    )
}


@dataclass(slots=True, kw_only=True)
class MashumaroMessage(DataClassJSONMixin):
    content: str
    created_at: datetime
    id: str
    role: str
    updated_at: datetime

    class Config(BaseConfig):
        aliases = ALIASES
        serialize_by_alias = True


@dataclass(slots=True, kw_only=True)
class MashumaroSession(DataClassJSONMixin):
    assistant_message_count: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    created_at: datetime | None = None
    id: str
    messages: list[MashumaroMessage]
    prompt_tokens: int | None = None
    title: str
    tool_call_count: int | None = None
    updated_at: datetime | None = None
    user_message_count: int | None = None

    class Config(BaseConfig):
        aliases = ALIASES
        serialize_by_alias = True
        omit_none = True


# cattrs: without detailed errors, which are its slowest part.


@dataclass(slots=True, kw_only=True)
class CattrsMessage:
    content: str
    created_at: datetime
    id: str
    role: str
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class CattrsSession:
    assistant_message_count: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    created_at: datetime | None = None
    id: str
    messages: list[CattrsMessage]
    prompt_tokens: int | None = None
    title: str
    tool_call_count: int | None = None
    updated_at: datetime | None = None
    user_message_count: int | None = None


CATTRS: Final = make_converter(detailed_validation=False)
for model in (CattrsMessage, CattrsSession):
    renamed = {item.name: override(rename=to_camel(item.name)) for item in fields(model)}
    structure = make_dict_structure_fn(model, CATTRS, _cattrs_detailed_validation=False, **renamed)
    CATTRS.register_structure_hook(model, structure)
    unstructure = make_dict_unstructure_fn(model, CATTRS, _cattrs_omit_if_default=True, **renamed)
    CATTRS.register_unstructure_hook(model, unstructure)


# dataclasses-json: by default, it encodes a datetime as a number.

ISO: Final = config(encoder=datetime.isoformat, decoder=datetime.fromisoformat)


@dataclass_json(letter_case=LetterCase.CAMEL)
@dataclass(slots=True, kw_only=True)
class DataclassesJsonMessage:
    content: str
    created_at: datetime = field(metadata=ISO)
    id: str
    role: str
    updated_at: datetime = field(metadata=ISO)


@dataclass_json(letter_case=LetterCase.CAMEL)
@dataclass(slots=True, kw_only=True)
class DataclassesJsonSession:
    assistant_message_count: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    created_at: datetime | None = field(default=None, metadata=ISO)
    id: str
    messages: list[DataclassesJsonMessage]
    prompt_tokens: int | None = None
    title: str
    tool_call_count: int | None = None
    updated_at: datetime | None = field(default=None, metadata=ISO)
    user_message_count: int | None = None


# pydantic: its core, and its JSON parser and serializer, are compiled Rust.

CAMEL: Final = pydantic.ConfigDict(alias_generator=to_camel)


@pydantic.dataclasses.dataclass(slots=True, kw_only=True, config=CAMEL)
class PydanticMessage:
    content: str
    created_at: datetime
    id: str
    role: str
    updated_at: datetime


@pydantic.dataclasses.dataclass(slots=True, kw_only=True, config=CAMEL)
class PydanticSession:
    assistant_message_count: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    created_at: datetime | None = None
    id: str
    messages: list[PydanticMessage]
    prompt_tokens: int | None = None
    title: str
    tool_call_count: int | None = None
    updated_at: datetime | None = None
    user_message_count: int | None = None


PYDANTIC: Final = pydantic.TypeAdapter(PydanticSession)


# The comparisons ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Codec:
    """How a library decodes and encodes a session, as JSON text and as a dict."""

    name: str
    from_json: Callable[[str], Any]
    from_dict: Callable[[Any], Any]
    to_json: Callable[[Any], str | bytes]
    to_dict: Callable[[Any], Any]


PEERS: Final = (
    Codec(
        "mashumaro",
        MashumaroSession.from_json,
        MashumaroSession.from_dict,
        MashumaroSession.to_json,
        MashumaroSession.to_dict,
    ),
    Codec(
        "cattrs",
        lambda text: CATTRS.loads(text, CattrsSession),
        lambda data: CATTRS.structure(data, CattrsSession),
        CATTRS.dumps,
        CATTRS.unstructure,
    ),
    Codec(
        "dataclasses-json",
        DataclassesJsonSession.from_json,
        DataclassesJsonSession.from_dict,
        DataclassesJsonSession.to_json,
        DataclassesJsonSession.to_dict,
    ),
    Codec(
        "pydantic",
        PYDANTIC.validate_json,
        PYDANTIC.validate_python,
        lambda value: PYDANTIC.dump_json(value, by_alias=True, exclude_none=True),
        lambda value: PYDANTIC.dump_python(value, mode="json", by_alias=True, exclude_none=True),
    ),
)


@dataclass
class Comparison:
    """A generated function, and the function of a library that does the same."""

    what: str
    ours: str
    peer: str
    run_ours: Callable[[], object]
    run_peer: Callable[[], object]
    ratios: list[float] = field(default_factory=list)


def comparisons(text: str) -> list[Comparison]:
    """Return all comparisons. Raises AssertionError if a library decodes or encodes differently."""
    data = json.loads(text)
    session = ExportSession.from_json(text)
    pairs = []
    for peer in PEERS:
        read = peer.from_json(text)
        assert peer.from_dict(data) == read
        assert ExportSession.from_json(peer.to_json(read)) == session, peer.name
        assert ExportSession.from_dict(peer.to_dict(read)) == session, peer.name
        for what, ours, run_peer, run_ours, (value, peer_value) in (
            ("decode", "from_json", peer.from_json, ExportSession.from_json, (text, text)),
            ("decode", "from_dict", peer.from_dict, ExportSession.from_dict, (data, data)),
            ("encode", "to_json", peer.to_json, ExportSession.to_json, (session, read)),
            ("encode", "to_dict", peer.to_dict, ExportSession.to_dict, (session, read)),
        ):
            name = f"{peer.name} {version(peer.name)}"
            calls = partial(run_ours, value), partial(run_peer, peer_value)
            pairs.append(Comparison(what, ours, name, *calls))
    return pairs


def main() -> None:
    """Read the document from standard input, and print the comparisons."""
    pairs = comparisons(sys.stdin.read())
    for _ in range(ROUNDS):
        for pair in pairs:
            ours = cost(pair.run_ours)
            pair.ratios.append(cost(pair.run_peer) / ours)
    for pair in pairs:
        line = {
            "language": "python",
            "what": pair.what,
            "ours": pair.ours,
            "peer": pair.peer,
            "ratio_median": statistics.median(pair.ratios),
            "ratio_min": min(pair.ratios),
        }
        print(json.dumps(line))


if __name__ == "__main__":
    main()
