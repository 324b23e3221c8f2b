"""Canonical JSON (RFC 8785) as the ledger uses it, and the commitment to a part.

The profile is narrower than RFC 8785, so that any JSON library reads the text the same way: no floats,
integers below 2^53 in size, ASCII keys, no lone surrogates. Decimals, ids and times are strings.
"""

import hashlib
import json
from typing import Any, NoReturn

import rfc8785

MAX_INTEGER = 2**53 - 1
SALT_SIZE = 32
PART_PREFIX = b"brightline.part/1\n"


class CanonicalError(ValueError):
    """The value or text is outside the profile; the message names the place and the rule."""


def canonical(value: Any) -> str:
    """The one canonical text of `value`. Raises CanonicalError for anything outside the profile."""
    try:
        _check(value, "$")
        return rfc8785.dumps(value).decode("utf-8")
    except RecursionError:
        raise CanonicalError("$: nested too deeply") from None


def parse_canonical(text: str) -> Any:
    """The value of a canonical text.

    Raises CanonicalError for text that is not JSON, repeats a key, is outside the profile, or is not byte
    for byte what `canonical` would write.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_float=_refuse_number, parse_constant=_refuse_number)
    except CanonicalError:
        raise
    except RecursionError:
        raise CanonicalError("$: nested too deeply") from None
    except ValueError as error:
        raise CanonicalError(f"not JSON: {error}") from None
    if canonical(value) != text:
        raise CanonicalError("not canonical: the text differs from the RFC 8785 form of its own content")
    return value


def commitment(salt: bytes, body: str) -> bytes:
    """SHA-256("brightline.part/1\\n" ‖ salt ‖ body in UTF-8), 32 bytes.

    The salt keeps a short body from being guessed. It must be exactly 32 bytes: with a salt of free length
    the first letters of the body could be moved into the salt without changing the commitment.
    Raises CanonicalError otherwise, and for a body with lone surrogates.
    """
    if len(salt) != SALT_SIZE:
        raise CanonicalError(f"salt: must be {SALT_SIZE} bytes, not {len(salt)}")
    _check_text(body, "body")
    return hashlib.sha256(PART_PREFIX + salt + body.encode("utf-8")).digest()


def _check(value: Any, path: str) -> None:
    match value:
        case None | bool():
            pass
        case int():
            if abs(value) > MAX_INTEGER:
                raise CanonicalError(f"{path}: integers must be smaller than 2^53; store {value} as a string")
        case float():
            raise CanonicalError(f"{path}: floats are not allowed; store {value!r} as a string")
        case str():
            _check_text(value, path)
        case list() | tuple():
            for index, item in enumerate(value):
                _check(item, f"{path}[{index}]")
        case dict():
            for key, item in value.items():
                if not isinstance(key, str) or not key.isascii():
                    raise CanonicalError(f"{path}: key {key!r} must be ASCII text")
                _check(item, f"{path}.{key}")
        case _:
            raise CanonicalError(f"{path}: {type(value).__name__} is not a JSON type; store it as a string")


def _check_text(text: str, path: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(f"{path}: lone surrogate at character {error.start}") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise CanonicalError(f"not canonical: key {key!r} appears twice in one object")
        result[key] = value
    return result


def _refuse_number(text: str) -> NoReturn:
    raise CanonicalError(f"floats are not allowed: {text}")
