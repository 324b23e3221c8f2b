"""Addresses of a person's own calendar, outside every practice."""

from django.urls import path

from meetings.views import calendar

urlpatterns = [
    path("account/calendar/", calendar.own, name="calendar"),
    path("calendar/<str:token>.ics", calendar.feed, name="calendar_feed"),
]
