"""Addresses of a practice's ledger: what it proves, and the newest checkpoint to be kept elsewhere."""

from django.urls import path

from governance.views import ledger

app_name = "ledger"
urlpatterns = [
    path("", ledger.proof, name="proof"),
    path("checkpoint", ledger.checkpoint, name="checkpoint"),
]
