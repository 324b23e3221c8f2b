"""Addresses of a sign-in that are Brightline's own, beside those of allauth."""

from django.urls import path

from governance.views import account

urlpatterns = [
    path("saml/<str:organization_slug>/acs/finish/", account.saml_finish, name="saml_finish_acs"),
    path("enrol/", account.enrol, name="enrol"),
    path("kept/", account.kept, name="kept"),
    path("invitation/<uuid:key>/<str:proof>/", account.invitation, name="invitation"),
    path("sessions/<int:key>/end/", account.end_session, name="end_session"),
]
