"""Forms whose free text is looked through for patient data before it enters the record."""

from django import forms
from django.utils.html import format_html

from audit.context import circumstances
from governance.phi import kinds

STATEMENT = "It is no patient data: whoever entered it attests that."


def _written(field: forms.Field) -> bool:
    """Whether a person writes text there that is kept; a secret is looked at by nobody."""
    return not field.widget.is_hidden and not isinstance(field.widget, forms.PasswordInput)


class Attested(forms.Form):
    """A form that warns at the field whose text looks like patient data.

    The person takes it out, or attests beside the field that it is none; the attestation is recorded with the act. It
    names fields and kinds, never the text.
    """

    only_with = ""
    """Name of the button at which the text enters the record; empty when it always does."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.attest()

    def attest(self) -> None:
        """Add an error to each field whose text looks like patient data and is not attested to be none."""
        if self.only_with and self.only_with not in self.data:
            return
        attested: dict[str, list[str]] = {}
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if type(field) is not forms.CharField or not _written(field) or not isinstance(value, str):
                continue
            found = kinds(value)
            if not found:
                continue
            label, box = str(field.label or name), self.add_prefix(f"attest_{name}")
            if self.data.get(box):
                attested[label] = found
                continue
            self.add_error(name, f"This looks like {' and '.join(found)}. Take patient data out, or attest below.")
            # The bound field took its help before; both shall say it.
            self[name].help_text = field.help_text = format_html(
                '{} <label class="attest"><input type="checkbox" name="{}" value="1"> It is no patient data; I attest'
                " that, and it stands in the record.</label>",
                field.help_text,
                box,
            )
        if attested:
            circumstances().notes["attestation"] = {"says": STATEMENT, "looks_like": attested}
