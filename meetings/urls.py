"""Addresses of meetings, below a practice."""

from django.urls import include, path

from meetings.views import agenda, agenda_import, boundary, calling, closed, desk, meetings, room, series

app_name = "meetings"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("boundary/", boundary.boundary, name="boundary"),
    path("boundary/<slug:figure>/", boundary.behind, name="boundary_list"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/plan/", meetings.plan, name="plan"),
    path("meetings/series/", series.series, name="series"),
    path("meetings/series/preview/", series.preview, name="series_preview"),
    path("meetings/series/body/", series.body_rule, name="body_rule"),
    path("meetings/<str:code>/", meetings.meeting, name="meeting"),
    path("meetings/<str:code>/call/", calling.call, name="call"),
    path("meetings/<str:code>/cancel/", calling.cancel, name="cancel"),
    path("meetings/<str:code>/agenda/", agenda.agenda, name="agenda"),
    path("meetings/<str:code>/agenda/import/", agenda_import.upload, name="import_agenda"),
    path("meetings/<str:code>/agenda/import/rows/", agenda_import.rows, name="import_agenda_rows"),
    path("meetings/<str:code>/agenda/refresh/", agenda.refresh, name="agenda_refresh"),
    path("meetings/<str:code>/agenda/release/", agenda.release, name="agenda_release"),
    path("meetings/<str:code>/agenda/releases/<int:number>/", agenda.released, name="agenda_released"),
    path("meetings/<str:code>/agenda/<int:item>/move/", agenda.move, name="agenda_move"),
    path("meetings/<str:code>/closed/", closed.put, name="closed_put"),
    path("meetings/<str:code>/closed/<int:item>/", closed.closed, name="closed"),
    path("meetings/<str:code>/closed/<int:item>/<slug:act>/", closed.do, name="closed_do"),
    path("meetings/<str:code>/room/", room.room, name="room"),
    path("meetings/<str:code>/room/open/", room.open_room, name="room_open"),
    path("meetings/<str:code>/room/call/", room.call, name="room_call"),
    path("meetings/<str:code>/room/item/", room.take_up, name="room_item"),
    path("meetings/<str:code>/room/adjourn/", room.adjourn, name="room_adjourn"),
    path("meetings/<str:code>/room/attendance/<int:seat>/", room.attend, name="room_attend"),
    path("meetings/<str:code>/room/<str:act>/", room.do, name="room_do"),
    path("meetings/<str:code>/minutes/", include("meetings.urls_minutes")),
]
