"""The boxes that are checked under what is signed."""

from django import forms


def meaning_field(sentence: str) -> forms.BooleanField:
    """The sentence that says what a signature means, affirmed."""
    return forms.BooleanField(
        label=sentence.removesuffix("."), error_messages={"required": "Affirm what your signature means."}
    )


def electronic_field(what: str) -> forms.BooleanField:
    """The consent to sign `what`, such as "record", electronically."""
    return forms.BooleanField(
        label=f"I agree to sign this {what} electronically",
        help_text="Cal. Civil Code 1633.5(b): an electronic signature takes effect between those who agreed to it.",
        error_messages={"required": "Agree to sign electronically, or do not sign here."},
    )
