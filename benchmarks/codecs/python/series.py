"""Arrays of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import attrs
import msgspec
import pydantic
from codec import CATTRS, PARSERS, PYDANTIC, Codec, Int64, Mashumaro, generated, named
from mashumaro.mixins.orjson import DataClassORJSONMixin
from models.dataset import Dataset


class MsgspecSeries(msgspec.Struct):
    name: str
    values: list[float]
    counts: list[Int64]


class MsgspecDataset(msgspec.Struct):
    series: list[MsgspecSeries]


class PydanticSeries(pydantic.BaseModel):
    model_config = PYDANTIC

    name: str
    values: list[float]
    counts: list[Int64]


class PydanticDataset(pydantic.BaseModel):
    model_config = PYDANTIC

    series: list[PydanticSeries]


@dataclass(slots=True, kw_only=True)
class MashumaroSeries(DataClassORJSONMixin):
    name: str
    values: list[float]
    counts: list[int]

    Config = Mashumaro


@dataclass(slots=True, kw_only=True)
class MashumaroDataset(DataClassORJSONMixin):
    series: list[MashumaroSeries]

    Config = Mashumaro


@attrs.define(kw_only=True)
class AttrsSeries:
    name: str
    values: list[float]
    counts: list[int]


@attrs.define(kw_only=True)
class AttrsDataset:
    series: list[AttrsSeries]


MSGSPEC: Final = msgspec.json.Decoder(MsgspecDataset)
ADAPTER: Final = pydantic.TypeAdapter(PydanticDataset)

CODECS: Final = (
    *generated(Dataset),
    *PARSERS,
    Codec(named("msgspec"), MSGSPEC.decode, msgspec.json.Encoder().encode),
    Codec(
        named("pydantic"),
        ADAPTER.validate_json,
        lambda value: ADAPTER.dump_json(value, by_alias=True, exclude_none=True),
    ),
    Codec(named("mashumaro", "orjson"), MashumaroDataset.from_json, MashumaroDataset.to_jsonb),
    Codec(named("cattrs", "orjson"), lambda text: CATTRS.loads(text, AttrsDataset), CATTRS.dumps),
)
