"""A sealed document: what it is, what its hash is, and its download, which is an act."""

import base64

from allauth.core.exceptions import ReauthenticationRequired
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from audit import store
from audit.documents.foreign import KINDS
from audit.models import Act, Document
from governance.forms.packs import DownloadForm
from governance.selectors.documents import document_for, dropped_by
from governance.services.packs import PackRefused, record_download
from governance.web import PracticeRequest, practice_view, signed_in_recently


@practice_view()
def document(request: PracticeRequest, sha256: str) -> HttpResponse:
    """The document's facts and a button; the file itself only after the download is recorded."""
    found = document_for(request.person, request.practice, sha256)
    if found is None:
        raise Http404("There is no such page.")
    is_pack = found.kind == "pack"
    scrub = dropped_by(found)
    section = {"pack": "governance:audit_room", "catalogue": "governance:matrix"}
    request.section = section.get(found.kind, "meetings:meetings")  # type: ignore[attr-defined]
    form = DownloadForm(request.POST if request.method == "POST" else None, required=is_pack)
    if request.method == "POST" and scrub is None and form.is_valid():
        if is_pack and not signed_in_recently(request):
            raise ReauthenticationRequired
        try:
            record_download(
                actor=request.person, practice=request.practice, document=found, purpose=form.cleaned_data["purpose"]
            )
        except PackRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            return file_response(found)
    sealed = Act.objects.select_related("entry").get(pk=found.act_id)
    context = {
        "document": found,
        "form": form,
        "sealed": sealed,
        "is_pack": is_pack,
        "scrub": scrub,
        "replacement": found.replacements.first(),
        "replaced": found.replaces,
    }
    return render(request, "governance/document.html", context)


ENDINGS = {kind.media_type: kind.ending for kind in KINDS.values()}


def file_response(document: Document) -> HttpResponse:
    """The file, checked against its hash, with the hash as its ETag and Content-Digest (RFC 9530)."""
    data = store.get(document.sha256)
    response = HttpResponse(data, content_type=document.media_type)
    ending = ENDINGS.get(document.media_type, "bin")
    # Whatever the file holds, no page of ours runs it: it is saved, not shown, and has no origin.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = f'attachment; filename="{slugify(document.title)[:80] or "document"}.{ending}"'
    response["ETag"] = f'"{document.sha256}"'
    digest = base64.b64encode(bytes.fromhex(document.sha256)).decode()
    response["Content-Digest"] = f"sha-256=:{digest}:"
    return response
