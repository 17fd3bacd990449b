"""The addresses: health, sign-in, and everything else in the dashboard."""

from django.urls import include, path

from listening.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("", include("dashboard.urls")),
]
