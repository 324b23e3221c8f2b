"""What is proven of a practice's record, in plain words, and its newest checkpoint as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from audit.models import Head
from audit.services.checkpoints import newest
from audit.services.keys import key_is_separate, trusted_keys
from audit.services.timestamps import newest_stamp
from governance.web import PracticeRequest, practice_view


@practice_view()
def proof(request: PracticeRequest) -> HttpResponse:
    """What the ledger proves, up to where, against whom, and what it does not."""
    request.section = "governance:audit_room"  # type: ignore[attr-defined]
    found = newest(request.practice.pk)
    head = Head.objects.select_related("log").filter(log__practice=request.practice.pk).first()
    context = {
        "checkpoint": found,
        "head": head,
        "later": head.size - found.size if head and found else 0,
        "keys": [str(key) for key in trusted_keys()],
        "key_separate": key_is_separate(),
        "stamp": newest_stamp(),
    }
    return render(request, "ledger/proof.html", context)


@practice_view()
def checkpoint(request: PracticeRequest) -> HttpResponse:
    """The newest signed checkpoint as the text that is signed: to be kept elsewhere, it holds nothing of the record."""
    found = newest(request.practice.pk)
    if found is None:
        raise Http404("There is no checkpoint yet.")
    response = HttpResponse(found.note, content_type="text/plain; charset=utf-8")
    name = f"checkpoint-{request.practice.slug}-{found.size}.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
