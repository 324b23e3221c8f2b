"""Canonical JSON and part commitments."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.ledger.canonical import CanonicalError, canonical, commitment, parse_canonical

# RFC 8785 section 3.2.2, the sample input; its numbers are floats, which the profile refuses.
RFC_SAMPLE = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
# RFC 8785 section 3.2.3, the sample sorted by UTF-16 code units; its keys are not ASCII.
RFC_KEYS = '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","1":"One","\\u0080":"Control"}'

text = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(max_codepoint=127))
integers = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | integers | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


def test_rfc_8785_sample() -> None:
    sample = json.loads(RFC_SAMPLE)
    with pytest.raises(CanonicalError, match=r"\$\.numbers\[0\]: floats are not allowed"):
        canonical(sample)
    del sample["numbers"]
    expected = r'{"literals":[null,true,false],"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
    assert canonical(sample) == expected
    assert parse_canonical(expected) == sample


def test_rfc_8785_key_sample_is_outside_the_profile() -> None:
    with pytest.raises(CanonicalError, match=r"\$: key '€' must be ASCII"):
        canonical(json.loads(RFC_KEYS))
    ascii_keys = {"1": "One", "\r": "Carriage Return", "</script>": "Browser Challenge"}
    assert canonical(ascii_keys) == r'{"\r":"Carriage Return","1":"One","</script>":"Browser Challenge"}'


@given(values)
def test_equals_the_standard_library_and_round_trips(value: Any) -> None:
    result = canonical(value)
    assert result == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert parse_canonical(result) == value


@pytest.mark.parametrize("number", [2**53 - 1, -(2**53) + 1, 0])
def test_largest_integers(number: int) -> None:
    assert canonical({"n": number}) == f'{{"n":{number}}}'


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [{"b": 1.0}]}, r"\$\.a\[0\]\.b: floats are not allowed; store 1.0 as a string"),
        (float("nan"), r"\$: floats"),
        ({"n": 2**53}, r"\$\.n: integers must be smaller than 2\^53"),
        ({"n": -(2**53)}, r"\$\.n: integers"),
        ({"é": 1}, "key 'é' must be ASCII"),
        ({1: 1}, "key 1 must be ASCII"),
        ({"s": "a\ud800"}, r"\$\.s: lone surrogate at character 1"),
        ({"t": {1, 2}}, r"\$\.t: set is not a JSON type"),
        (b"bytes", "bytes is not a JSON type"),
    ],
)
def test_values_outside_the_profile(value: Any, message: str) -> None:
    with pytest.raises(CanonicalError, match=message):
        canonical(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a":1,"a":1}', "key 'a' appears twice"),
        ('{"x":{"a":1,"a":2}}', "appears twice"),
        ('{"b":1,"a":2}', "not canonical"),
        ('{"a": 1}', "not canonical"),
        ('{"a":1}\n', "not canonical"),
        (r'{"a":"\u0041"}', "not canonical"),
        (r'{"a":"\/"}', "not canonical"),
        (r'{"a":"\u000A"}', "not canonical"),
        ('{"a":-0}', "not canonical"),
        ('{"a":1.0}', "floats are not allowed: 1.0"),
        ('{"a":1e2}', "floats are not allowed: 1e2"),
        ('{"a":NaN}', "floats are not allowed: NaN"),
        ('{"a":9007199254740992}', r"smaller than 2\^53"),
        (r'{"a":"\ud800"}', "lone surrogate"),
        ('{"a":1', "not JSON"),
        ("", "not JSON"),
        ("9" * 5000, "not JSON"),
        ("[" * 200_000, "nested too deeply"),
    ],
)
def test_texts_that_are_not_canonical(text: str, message: str) -> None:
    with pytest.raises(CanonicalError, match=message):
        parse_canonical(text)


def test_commitment() -> None:
    salt = bytes(range(32))
    expected = hashlib.sha256(b"brightline.part/1\n" + salt + "Grün".encode()).digest()
    assert commitment(salt, "Grün") == expected
    assert commitment(salt, "Grun") != expected
    assert commitment(salt[::-1], "Grün") != expected


@pytest.mark.parametrize("size", [0, 31, 33])
def test_commitment_takes_only_32_bytes_of_salt(size: int) -> None:
    with pytest.raises(CanonicalError, match=f"salt: must be 32 bytes, not {size}"):
        commitment(bytes(size), "body")


def test_commitment_refuses_lone_surrogates() -> None:
    with pytest.raises(CanonicalError, match="body: lone surrogate"):
        commitment(bytes(32), "\ud800")
