"""Addresses of meetings, below a practice."""

from django.urls import URLPattern

app_name = "meetings"
urlpatterns: list[URLPattern] = []
