"""Brightline's addresses and one more: the baseline page, which loads session and user with one query each page has."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as brightline
from governance.models import Person


@login_required
def baseline(request: HttpRequest) -> HttpResponse:
    """What a signed-in Django page costs at the least: session, user, one query, one small template."""
    person = Person.objects.filter(account__pk=request.user.pk or 0).first()
    return render(request, "bench/baseline.html", {"name": str(person)})


urlpatterns = [path("bench/baseline/", baseline), *brightline]
