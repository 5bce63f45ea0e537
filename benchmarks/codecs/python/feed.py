"""Unions: with a tag, without one, and of scalars."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal

import attrs
import msgspec
import pydantic
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.strategies import configure_tagged_union
from codec import CATTRS, PARSERS, PYDANTIC, Codec, Int64, Mashumaro, Moment, generated, named
from mashumaro.mixins.orjson import DataClassORJSONMixin
from mashumaro.types import Discriminator
from models.feed import Feed
from pydantic import AwareDatetime
from pydantic.alias_generators import to_camel

Reference = str | Int64


class PaymentMethod(enum.Enum):
    CARD = "card"
    TRANSFER = "transfer"
    VOUCHER = "voucher"


# msgspec: a union has at most one struct without a tag, so a hook chooses the party.


class MsgspecParty:
    """The type of a party for the decoder, which passes the object to the hook."""

    __slots__ = ()


class MsgspecPerson(msgspec.Struct, MsgspecParty, rename="camel", omit_defaults=True, kw_only=True):
    id: Reference
    given_name: str
    family_name: str
    email: str | None = None


class MsgspecCompany(
    msgspec.Struct, MsgspecParty, rename="camel", omit_defaults=True, kw_only=True
):
    id: Reference
    legal_name: str
    vat_number: str
    employees: Int64 | None = None


class MsgspecEvent(msgspec.Struct, omit_defaults=True, kw_only=True):
    at: Moment


class MsgspecOrderPlaced(MsgspecEvent, tag="order_placed", kw_only=True):
    order: Reference
    buyer: Reference
    total: float


class MsgspecPaymentReceived(MsgspecEvent, tag="payment_received", kw_only=True):
    order: Reference
    amount: float
    method: PaymentMethod


class MsgspecParcelSent(MsgspecEvent, tag="parcel_sent", kw_only=True):
    order: Reference
    carrier: str
    weight: float | None = None


class MsgspecNoteAdded(MsgspecEvent, tag="note_added", kw_only=True):
    author: Reference
    text: str


class MsgspecFeed(msgspec.Struct, kw_only=True):
    parties: list[MsgspecParty]
    events: list[MsgspecOrderPlaced | MsgspecPaymentReceived | MsgspecParcelSent | MsgspecNoteAdded]


def msgspec_party(_: type, data: Any) -> MsgspecParty:
    """Return a person if the object fits, or else a company."""
    try:
        return msgspec.convert(data, MsgspecPerson)
    except msgspec.ValidationError:
        return msgspec.convert(data, MsgspecCompany)


# pydantic


class PydanticPerson(pydantic.BaseModel):
    model_config = PYDANTIC

    id: Reference
    given_name: str
    family_name: str
    email: str | None = None


class PydanticCompany(pydantic.BaseModel):
    model_config = PYDANTIC

    id: Reference
    legal_name: str
    vat_number: str
    employees: Int64 | None = None


class PydanticOrderPlaced(pydantic.BaseModel):
    model_config = PYDANTIC

    type: Literal["order_placed"]
    at: AwareDatetime
    order: Reference
    buyer: Reference
    total: float


class PydanticPaymentReceived(pydantic.BaseModel):
    model_config = PYDANTIC

    type: Literal["payment_received"]
    at: AwareDatetime
    order: Reference
    amount: float
    method: PaymentMethod


class PydanticParcelSent(pydantic.BaseModel):
    model_config = PYDANTIC

    type: Literal["parcel_sent"]
    at: AwareDatetime
    order: Reference
    carrier: str
    weight: float | None = None


class PydanticNoteAdded(pydantic.BaseModel):
    model_config = PYDANTIC

    type: Literal["note_added"]
    at: AwareDatetime
    author: Reference
    text: str


PydanticEvent = Annotated[
    PydanticOrderPlaced | PydanticPaymentReceived | PydanticParcelSent | PydanticNoteAdded,
    pydantic.Field(discriminator="type"),
]


class PydanticFeed(pydantic.BaseModel):
    model_config = PYDANTIC

    parties: list[PydanticPerson | PydanticCompany]
    events: list[PydanticEvent]


# mashumaro: it finds the tag in a class attribute, which slots would hide.


class Aliased(Mashumaro):
    aliases: ClassVar = {
        name: to_camel(name) for name in ("given_name", "family_name", "legal_name", "vat_number")
    }


@dataclass(slots=True, kw_only=True)
class MashumaroPerson(DataClassORJSONMixin):
    id: str | int
    given_name: str
    family_name: str
    email: str | None = None

    Config = Aliased


@dataclass(slots=True, kw_only=True)
class MashumaroCompany(DataClassORJSONMixin):
    id: str | int
    legal_name: str
    vat_number: str
    employees: int | None = None

    Config = Aliased


@dataclass(kw_only=True)
class MashumaroOrderPlaced(DataClassORJSONMixin):
    type: Literal["order_placed"] = "order_placed"
    at: datetime
    order: str | int
    buyer: str | int
    total: float

    Config = Mashumaro


@dataclass(kw_only=True)
class MashumaroPaymentReceived(DataClassORJSONMixin):
    type: Literal["payment_received"] = "payment_received"
    at: datetime
    order: str | int
    amount: float
    method: PaymentMethod

    Config = Mashumaro


@dataclass(kw_only=True)
class MashumaroParcelSent(DataClassORJSONMixin):
    type: Literal["parcel_sent"] = "parcel_sent"
    at: datetime
    order: str | int
    carrier: str
    weight: float | None = None

    Config = Mashumaro


@dataclass(kw_only=True)
class MashumaroNoteAdded(DataClassORJSONMixin):
    type: Literal["note_added"] = "note_added"
    at: datetime
    author: str | int
    text: str

    Config = Mashumaro


MashumaroEvent = Annotated[
    MashumaroOrderPlaced | MashumaroPaymentReceived | MashumaroParcelSent | MashumaroNoteAdded,
    Discriminator(field="type", include_supertypes=True),
]


@dataclass(slots=True, kw_only=True)
class MashumaroFeed(DataClassORJSONMixin):
    parties: list[MashumaroPerson | MashumaroCompany]
    events: list[MashumaroEvent]

    Config = Mashumaro


# cattrs


@attrs.define(kw_only=True)
class AttrsPerson:
    id: str | int
    given_name: str
    family_name: str
    email: str | None = None


@attrs.define(kw_only=True)
class AttrsCompany:
    id: str | int
    legal_name: str
    vat_number: str
    employees: int | None = None


@attrs.define(kw_only=True)
class AttrsOrderPlaced:
    at: datetime
    order: str | int
    buyer: str | int
    total: float


@attrs.define(kw_only=True)
class AttrsPaymentReceived:
    at: datetime
    order: str | int
    amount: float
    method: PaymentMethod


@attrs.define(kw_only=True)
class AttrsParcelSent:
    at: datetime
    order: str | int
    carrier: str
    weight: float | None = None


@attrs.define(kw_only=True)
class AttrsNoteAdded:
    at: datetime
    author: str | int
    text: str


AttrsEvent = AttrsOrderPlaced | AttrsPaymentReceived | AttrsParcelSent | AttrsNoteAdded


@attrs.define(kw_only=True)
class AttrsFeed:
    parties: list[AttrsPerson | AttrsCompany]
    events: list[AttrsEvent]


for model in (AttrsPerson, AttrsCompany):
    attrs.resolve_types(model)
    renamed = {item.name: override(rename=to_camel(item.name)) for item in attrs.fields(model)}
    structure = make_dict_structure_fn(model, CATTRS, _cattrs_detailed_validation=False, **renamed)
    CATTRS.register_structure_hook(model, structure)
    unstructure = make_dict_unstructure_fn(model, CATTRS, _cattrs_omit_if_default=True, **renamed)
    CATTRS.register_unstructure_hook(model, unstructure)

TAGS: Final[dict[type, str]] = {
    AttrsOrderPlaced: "order_placed",
    AttrsPaymentReceived: "payment_received",
    AttrsParcelSent: "parcel_sent",
    AttrsNoteAdded: "note_added",
}
for model in (*TAGS, AttrsFeed):
    attrs.resolve_types(model)
configure_tagged_union(AttrsEvent, CATTRS, tag_name="type", tag_generator=TAGS.__getitem__)


MSGSPEC: Final = msgspec.json.Decoder(MsgspecFeed, dec_hook=msgspec_party)
ADAPTER: Final = pydantic.TypeAdapter(PydanticFeed)

CODECS: Final = (
    *generated(Feed),
    *PARSERS,
    Codec(named("msgspec"), MSGSPEC.decode, msgspec.json.Encoder().encode),
    Codec(
        named("pydantic"),
        ADAPTER.validate_json,
        lambda value: ADAPTER.dump_json(value, by_alias=True, exclude_none=True),
    ),
    Codec(named("mashumaro", "orjson"), MashumaroFeed.from_json, MashumaroFeed.to_jsonb),
    Codec(named("cattrs", "orjson"), lambda text: CATTRS.loads(text, AttrsFeed), CATTRS.dumps),
)
