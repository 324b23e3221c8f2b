"""Addresses of governance, below a practice."""

from django.urls import path

from governance.views import administration, audit_room, catalogue, documents, holds, investor, people, scrubbing

app_name = "governance"
urlpatterns = [
    path("rights/", catalogue.matrix, name="matrix"),
    path("rights/<str:code>/", catalogue.right, name="right"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/appoint/", people.appoint, name="appoint"),
    path("people/act-as/", people.act_as, name="act_as"),
    path("people/<uuid:key>/", people.person, name="person"),
    path("people/<uuid:key>/license/", people.enter_license, name="enter_license"),
    path("appointments/<int:key>/end/", people.end_appointment, name="end_appointment"),
    path("settings/", administration.practice_settings, name="settings"),
    path("settings/change/", administration.change_settings, name="change_settings"),
    path("settings/licenses/", administration.change_limit, name="change_limit"),
    path("invitations/", administration.invited, name="invitations"),
    path("invitations/<uuid:key>/", administration.invitation, name="invitation"),
    path("invitations/<uuid:key>/again/", administration.invite_again, name="invite_again"),
    path("audit/", audit_room.audit_room, name="audit_room"),
    path("documents/<str:sha256>/", documents.document, name="document"),
    path("settings/investor/", investor.investor, name="investor"),
    path("holds/", holds.hold_list, name="holds"),
    path("holds/place/", holds.place, name="hold_place"),
    path("holds/place/<str:kind>/<int:key>/", holds.place, name="hold_place_on"),
    path("holds/<str:code>/", holds.hold, name="hold"),
    path("sequestered/<int:key>/", holds.sequestered, name="sequestered"),
    path("scrub/<str:kind>/<int:key>/", scrubbing.scrub, name="scrub"),
]
