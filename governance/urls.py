"""Addresses of governance, below a practice."""

from django.urls import path

from governance.views import audit_room, catalogue, documents, holds, people, scrubbing

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
    path("audit/", audit_room.audit_room, name="audit_room"),
    path("documents/<str:sha256>/", documents.document, name="document"),
    path("holds/", holds.hold_list, name="holds"),
    path("holds/place/", holds.place, name="hold_place"),
    path("holds/place/<str:kind>/<int:key>/", holds.place, name="hold_place_on"),
    path("holds/<str:code>/", holds.hold, name="hold"),
    path("sequestered/<int:key>/", holds.sequestered, name="sequestered"),
    path("scrub/<str:kind>/<int:key>/", scrubbing.scrub, name="scrub"),
]
