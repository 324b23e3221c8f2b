"""Addresses of minutes, below meetings/<code>/minutes/."""

from django.urls import path

from meetings.views import minutes, minutes_comments

urlpatterns = [
    path("", minutes.minutes, name="minutes"),
    path("saved/", minutes.autosave, name="minutes_autosave"),
    path("return/", minutes.send_back, name="minutes_return"),
    path("sign/", minutes.sign, name="minutes_sign"),
    path("attest/", minutes.attest, name="minutes_attest"),
    path("circulate/", minutes_comments.circulate, name="minutes_circulate"),
    path("comment/", minutes_comments.comment, name="minutes_comment"),
    path("comments/<int:key>/", minutes_comments.answer, name="minutes_answer"),
    path("amend/", minutes.amend, name="minutes_amend"),
    path("versions/<int:number>/", minutes.version, name="minutes_version"),
]
