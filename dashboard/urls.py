"""The addresses of the dashboard: the pages that people read, then those that set things up."""

from django.urls import path

from dashboard.views import complaints, home, live, mentions, overview, unsubscribe

pages = [
    path("", home.home, name="home"),
    path("b/<slug:slug>/", overview.overview, name="overview"),
    path("b/<slug:slug>/mentions/", mentions.mentions, name="mentions"),
    path("b/<slug:slug>/mentions/<int:pk>/", mentions.mention, name="mention"),
    path("b/<slug:slug>/mentions/<int:pk>/correct/", mentions.correct, name="correct"),
    path("b/<slug:slug>/complaints/", complaints.complaints, name="complaints"),
    path("b/<slug:slug>/complaints/<int:pk>/", complaints.complaint, name="complaint"),
    path("b/<slug:slug>/live/", live.live, name="live"),
]

set_up: list[object] = []

digests = [path("digests/unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe")]

urlpatterns = [*pages, *set_up, *digests]
