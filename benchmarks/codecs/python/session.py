"""Text and timestamps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

import attrs
import msgspec
import pydantic
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from codec import CATTRS, PARSERS, PYDANTIC, Codec, Int64, Mashumaro, Moment, generated, named
from mashumaro.mixins.orjson import DataClassORJSONMixin
from models.session import Session
from pydantic import AwareDatetime
from pydantic.alias_generators import to_camel


class MsgspecMessage(msgspec.Struct, rename="camel", kw_only=True):
    content: str
    created_at: Moment
    id: str
    role: str
    updated_at: Moment


class MsgspecSession(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    assistant_message_count: Int64 | None = None
    completion_tokens: Int64 | None = None
    cost: float | None = None
    created_at: Moment | None = None
    id: str
    messages: list[MsgspecMessage]
    prompt_tokens: Int64 | None = None
    title: str
    tool_call_count: Int64 | None = None
    updated_at: Moment | None = None
    user_message_count: Int64 | None = None


class PydanticMessage(pydantic.BaseModel):
    model_config = PYDANTIC

    content: str
    created_at: AwareDatetime
    id: str
    role: str
    updated_at: AwareDatetime


class PydanticSession(pydantic.BaseModel):
    model_config = PYDANTIC

    assistant_message_count: Int64 | None = None
    completion_tokens: Int64 | None = None
    cost: float | None = None
    created_at: AwareDatetime | None = None
    id: str
    messages: list[PydanticMessage]
    prompt_tokens: Int64 | None = None
    title: str
    tool_call_count: Int64 | None = None
    updated_at: AwareDatetime | None = None
    user_message_count: Int64 | None = None


NAMES: Final = (
    "assistant_message_count",
    "completion_tokens",
    "created_at",
    "prompt_tokens",
    "tool_call_count",
    "updated_at",
    "user_message_count",
)


class Aliased(Mashumaro):
    aliases: ClassVar = {name: to_camel(name) for name in NAMES}


@dataclass(slots=True, kw_only=True)
class MashumaroMessage(DataClassORJSONMixin):
    content: str
    created_at: datetime
    id: str
    role: str
    updated_at: datetime

    Config = Aliased


@dataclass(slots=True, kw_only=True)
class MashumaroSession(DataClassORJSONMixin):
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

    Config = Aliased


@attrs.define(kw_only=True)
class AttrsMessage:
    content: str
    created_at: datetime
    id: str
    role: str
    updated_at: datetime


@attrs.define(kw_only=True)
class AttrsSession:
    assistant_message_count: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    created_at: datetime | None = None
    id: str
    messages: list[AttrsMessage]
    prompt_tokens: int | None = None
    title: str
    tool_call_count: int | None = None
    updated_at: datetime | None = None
    user_message_count: int | None = None


for model in (AttrsMessage, AttrsSession):
    attrs.resolve_types(model)
    renamed = {item.name: override(rename=to_camel(item.name)) for item in attrs.fields(model)}
    structure = make_dict_structure_fn(model, CATTRS, _cattrs_detailed_validation=False, **renamed)
    CATTRS.register_structure_hook(model, structure)
    unstructure = make_dict_unstructure_fn(model, CATTRS, _cattrs_omit_if_default=True, **renamed)
    CATTRS.register_unstructure_hook(model, unstructure)

MSGSPEC: Final = msgspec.json.Decoder(MsgspecSession)
ADAPTER: Final = pydantic.TypeAdapter(PydanticSession)

CODECS: Final = (
    *generated(Session),
    *PARSERS,
    Codec(named("msgspec"), MSGSPEC.decode, msgspec.json.Encoder().encode),
    Codec(
        named("pydantic"),
        ADAPTER.validate_json,
        lambda value: ADAPTER.dump_json(value, by_alias=True, exclude_none=True),
    ),
    Codec(named("mashumaro", "orjson"), MashumaroSession.from_json, MashumaroSession.to_jsonb),
    Codec(named("cattrs", "orjson"), lambda text: CATTRS.loads(text, AttrsSession), CATTRS.dumps),
)
