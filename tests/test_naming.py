from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.naming import (
    INITIALISMS,
    camel,
    natural_order,
    pascal,
    respelled,
    snake,
    spelling,
    with_parents,
    words,
)


@pytest.mark.parametrize(
    ("text", "parts", "as_snake", "as_camel", "in_go"),
    [
        ("createdAt", "created At", "created_at", "createdAt", "CreatedAt"),
        ("created_at", "created at", "created_at", "createdAt", "CreatedAt"),
        ("HTTPServerID", "HTTP Server ID", "http_server_id", "httpServerId", "HTTPServerID"),
        ("userIDs", "user IDs", "user_ids", "userIDs", "UserIds"),
        ("URLs", "URLs", "urls", "urls", "Urls"),
        ("OAuth2Token", "OAuth2 Token", "oauth2_token", "oauth2Token", "OAuth2Token"),
        ("X-Request-ID", "X Request ID", "x_request_id", "xRequestId", "XRequestID"),
        ("IPv4Address", "IPv4 Address", "ipv4_address", "ipv4Address", "IPv4Address"),
        ("k8s_cluster", "k8s cluster", "k8s_cluster", "k8sCluster", "K8sCluster"),
        ("sha256Hash", "sha256 Hash", "sha256_hash", "sha256Hash", "Sha256Hash"),
        ("v1beta1", "v1beta1", "v1beta1", "v1beta1", "V1beta1"),
        ("1st", "1st", "1st", "1st", "1st"),
        ("__proto__", "proto", "proto", "proto", "Proto"),
        ("$ref", "ref", "ref", "ref", "Ref"),
        ("content-type", "content type", "content_type", "contentType", "ContentType"),
        ("naïve", "naïve", "naïve", "naïve", "Naïve"),
        ("名前", "名前", "名前", "名前", "名前"),
        ("🙂", "", "", "", ""),
        ("", "", "", "", ""),
    ],
)
def test_names_are_split_and_joined(
    text: str, parts: str, as_snake: str, as_camel: str, in_go: str
) -> None:
    assert " ".join(words(text)) == parts
    assert snake(text) == as_snake
    assert camel(text) == as_camel
    assert pascal(text, INITIALISMS) == in_go


@given(st.text(st.characters(codec="ascii")))
def test_words_keep_every_letter_and_digit(text: str) -> None:
    assert "".join(words(text)) == "".join(char for char in text if char.isalnum())


@pytest.mark.slow
@given(st.from_regex(r"[a-z]+(_[a-z]+)*", fullmatch=True))
def test_snake_case_is_unchanged(name: str) -> None:
    assert snake(name) == name


@pytest.mark.slow
@given(st.from_regex(r"[a-z]+([A-Z][a-z]+)*", fullmatch=True))
def test_camel_case_is_unchanged(name: str) -> None:
    assert camel(name) == name


def test_numbers_in_names_sort_by_their_value() -> None:
    assert sorted(["a10", "a2", "a", "b1"], key=natural_order) == ["a", "a2", "a10", "b1"]


def test_packages_are_completed_by_those_around_them() -> None:
    assert with_parents(["a.b.c", "d"]) == {"", "a", "a.b", "a.b.c", "d"}


@pytest.mark.parametrize(
    ("text", "as_snake", "as_camel", "in_go"),
    [
        ("price_usd", "price_usd", "priceUSD", "PriceUSD"),
        ("user-id", "user_id", "userId", "UserId"),
        ("iOSVersion", "ios_version", "iOSVersion", "IOSVersion"),
        ("target_ios", "target_ios", "targetIOS", "TargetIOS"),
        ("PayPalURL", "paypal_url", "paypalUrl", "PayPalURL"),
        ("pay-pal", "pay_pal", "payPal", "PayPal"),
        ("PayParts", "pay_parts", "payParts", "PayParts"),
        ("usdollar", "usdollar", "usdollar", "Usdollar"),
    ],
)
def test_words_of_a_project_are_spelled_as_it_spells_them(
    text: str, as_snake: str, as_camel: str, in_go: str
) -> None:
    spelled = spelling(("USD", "Id", "iOS", "PayPal"))
    assert snake(text, spelled) == as_snake
    assert camel(text, spelled) == as_camel
    assert pascal(text, INITIALISMS, spelled) == in_go


def test_only_known_words_of_a_name_are_respelled() -> None:
    spelled = spelling(("USD", "Id"))
    assert respelled("Usd_Price3rdUserID", spelled) == "USD_Price3rdUserId"
    assert respelled("User3rdIdUrl", spelling(()), INITIALISMS) == "User3rdIDURL"
    assert respelled("UserId", spelling(())) == "UserId"
