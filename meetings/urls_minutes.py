"""Addresses of minutes, below meetings/<code>/minutes/."""

from django.urls import path

from meetings.views import minutes

urlpatterns = [
    path("", minutes.minutes, name="minutes"),
    path("saved/", minutes.autosave, name="minutes_autosave"),
    path("return/", minutes.send_back, name="minutes_return"),
    path("sign/", minutes.sign, name="minutes_sign"),
    path("amend/", minutes.amend, name="minutes_amend"),
    path("versions/<int:number>/", minutes.version, name="minutes_version"),
]
