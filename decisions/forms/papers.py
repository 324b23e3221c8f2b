"""Forms about papers. The file itself is judged by its content, in the service."""

from django import forms
from django.conf import settings

from audit.documents.foreign import ACCEPTED
from governance.forms.attested import Attested


def file_field(**options: object) -> forms.FileField:
    """A file; the browser offers the accepted kinds, the service decides by the content."""
    return forms.FileField(
        label="File",
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx,.pptx,.png,.jpg,.jpeg"}),
        help_text=f"{ACCEPTED}; at most {settings.PAPER_MEGABYTES} MB, without password, macros or scripts.",
        error_messages={
            "required": "Choose a file; after a refusal the browser wants it chosen again.",
            "empty": "The file is empty.",
        },
    )


class AttachForm(Attested):
    """A new paper."""

    file = file_field()
    title = forms.CharField(
        label="Title", max_length=200, required=False, help_text="As it stands on the agenda; else the file's name."
    )


class ReplaceForm(AttachForm):
    """A new version of a paper."""

    field_order = ["file", "note", "title"]
    act = forms.CharField(initial="replace", required=False, widget=forms.HiddenInput)
    note = forms.CharField(label="What changed, and why", max_length=500)


class WithdrawForm(Attested):
    """The reason for which a paper is no longer relied on."""

    act = forms.CharField(initial="withdraw", required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label="Reason", max_length=500, help_text="It stands in the record; the paper stays.")
