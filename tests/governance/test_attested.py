"""Text that looks like patient data is warned of at its field, and goes through only with a recorded attestation."""

import json
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from audit.context import acting, circumstances
from audit.models import Act, Part
from decisions.forms.log import DecisionForm
from governance.forms.attested import Attested
from meetings.forms.minutes import DraftForm
from tests.cast import Cast, decided
from tests.sign_in import sign_in

TYPED = {
    "right": "DR-21", "title": "A complaint", "text": "Call (951) 555-0142 about DOB 4/5/1990.", "rationale": "Asked.",
}  # fmt: skip


class Note(Attested):
    text = forms.CharField(label="Text", help_text="Say it.")
    kind = forms.ChoiceField(choices=[("a@b.example", "A")], required=False)


def test_a_warning_stands_at_the_field_with_its_attestation() -> None:
    form = Note({"text": "DOB 4/5/1990"})
    assert not form.is_valid()
    assert form.errors["text"] == ["This looks like a date of birth. Take patient data out, or attest below."]
    assert 'name="attest_text"' in form.fields["text"].help_text
    assert 'name="attest_text"' not in Note().fields["text"].help_text


def every_form() -> list[type[forms.BaseForm]]:
    """Each form of each room."""
    found = []
    for room in ("governance", "decisions", "meetings"):
        package = import_module(f"{room}.forms")
        for info in iter_modules(package.__path__):
            module = import_module(f"{room}.forms.{info.name}")
            for one in vars(module).values():
                if isinstance(one, type) and issubclass(one, forms.BaseForm) and one.__module__ == module.__name__:
                    found.append(one)
    return found


def test_every_form_with_running_text_looks_for_patient_data() -> None:
    """A form with a text area that enters the record and is not looked through would be a hole."""
    written = [
        one
        for one in every_form()
        if any(isinstance(field.widget, forms.Textarea) for field in one.base_fields.values())  # type: ignore[attr-defined]
    ]
    assert len(written) > 20
    assert [one.__name__ for one in written if not issubclass(one, Attested)] == []


def test_a_secret_is_not_looked_at() -> None:
    class Opening(Attested):
        passphrase = forms.CharField(widget=forms.PasswordInput)

    assert Opening({"passphrase": "DOB 4/5/1990"}).is_valid()


def test_an_attestation_is_kept_for_the_acts_of_this_request_alone() -> None:
    with acting(via="web"):
        form = Note({"text": "DOB 4/5/1990", "attest_text": "1"})
        assert form.is_valid()
        assert form.cleaned_data == {"text": "DOB 4/5/1990", "kind": ""}
        kept = circumstances().notes["attestation"]
        assert kept["looks_like"] == {"Text": ["a date of birth"]}  # type: ignore[index]
    with acting(via="web"):
        assert circumstances().notes == {}


def test_clean_text_and_choices_pass() -> None:
    with acting(via="web"):
        assert Note({"text": "The body considered turnaround.", "kind": "a@b.example"}).is_valid()
        assert circumstances().notes == {}


def test_a_draft_is_looked_through_when_it_is_submitted() -> None:
    typed = {"text": "Jane, DOB 4/5/1990", "revision": 1}
    assert DraftForm(typed).is_valid()
    assert not DraftForm({**typed, "submit": "1"}).is_valid()


@pytest.mark.usefixtures("house")
def test_the_attestation_is_recorded_with_the_act_and_never_the_text(cast: Cast, client: Client) -> None:
    page = reverse("decisions:decision_new", args=[cast.practice.slug])
    sign_in(client, cast.director)
    warned = client.post(page, TYPED)
    assert list(warned.context["form"].errors) == ["text"]
    assert "a telephone number and a date of birth" in warned.content.decode()
    assert 'name="attest_text"' in warned.content.decode()
    assert not decided().exists()
    assert client.post(page, {**TYPED, "attest_text": "1"}).status_code == 302
    part = Part.objects.get(name="attestation", act=Act.objects.get(verb="decision.recorded"))
    told = json.loads(part.body or "")
    assert told["looks_like"] == {DecisionForm.base_fields["text"].label: ["a telephone number", "a date of birth"]}
    assert "951" not in (part.body or "")
    assert Part.objects.filter(name="attestation").count() == 1
