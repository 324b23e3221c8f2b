"""Addresses of decisions, below a practice."""

from django.urls import URLPattern

app_name = "decisions"
urlpatterns: list[URLPattern] = []
