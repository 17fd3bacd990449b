"""The addresses of the dashboard: the pages that people read, then those that set things up."""

from django.urls import path

from dashboard.views import (
    account,
    audit,
    brands,
    complaints,
    home,
    invitations,
    labels,
    live,
    members,
    mentions,
    overview,
    quality,
    queries,
    sources,
    start,
    unsubscribe,
    uploads,
)

pages = [
    path("", home.home, name="home"),
    path("b/<slug:slug>/", overview.overview, name="overview"),
    path("b/<slug:slug>/mentions/", mentions.mentions, name="mentions"),
    path("b/<slug:slug>/mentions/<int:pk>/", mentions.mention, name="mention"),
    path("b/<slug:slug>/mentions/<int:pk>/correct/", mentions.correct, name="correct"),
    path("b/<slug:slug>/complaints/", complaints.complaints, name="complaints"),
    path("b/<slug:slug>/complaints/<int:pk>/", complaints.complaint, name="complaint"),
    path("b/<slug:slug>/quality/", quality.quality, name="quality"),
    path("b/<slug:slug>/quality/label/", labels.label, name="label"),
    path("b/<slug:slug>/quality/learn/", quality.learn, name="learn"),
    path("b/<slug:slug>/quality/models/<int:pk>/", quality.own_model, name="own_model"),
    path("b/<slug:slug>/live/", live.live, name="live"),
]

set_up = [
    path("start/", start.start, name="start"),
    path("start/query/", start.start_query, name="start_query"),
    path("brands/new/", start.brand_new, name="brand_new"),
    path("sample/remove/", brands.sample_remove, name="sample_remove"),
    path("invitations/<str:key>/", invitations.invitation, name="invitation"),
    path("account/", account.account, name="account"),
    path("account/digests/<slug:slug>/", account.subscription, name="subscription"),
    path("b/<slug:slug>/settings/", brands.brand_settings, name="brand_settings"),
    path("b/<slug:slug>/settings/pause/", brands.brand_pause, name="brand_pause"),
    path("b/<slug:slug>/settings/delete/", brands.brand_delete, name="brand_delete"),
    path("b/<slug:slug>/settings/queries/", queries.queries, name="queries"),
    path("b/<slug:slug>/settings/queries/new/", queries.query_new, name="query_new"),
    path("b/<slug:slug>/settings/queries/preview/", queries.query_preview, name="query_preview"),
    path("b/<slug:slug>/settings/queries/<int:pk>/", queries.query, name="query"),
    path("b/<slug:slug>/settings/queries/<int:pk>/restore/", queries.query_restore, name="query_restore"),
    path("b/<slug:slug>/settings/queries/<int:pk>/delete/", queries.query_delete, name="query_delete"),
    path("b/<slug:slug>/settings/sources/", sources.sources, name="sources"),
    path("b/<slug:slug>/settings/sources/new/<slug:kind>/", sources.source_new, name="source_new"),
    path("b/<slug:slug>/settings/sources/<int:pk>/", sources.source, name="source"),
    path("b/<slug:slug>/settings/sources/<int:pk>/test/", sources.source_test, name="source_test"),
    path("b/<slug:slug>/settings/sources/<int:pk>/pull/", sources.source_pull, name="source_pull"),
    path("b/<slug:slug>/settings/sources/<int:pk>/pause/", sources.source_pause, name="source_pause"),
    path("b/<slug:slug>/settings/sources/<int:pk>/delete/", sources.source_delete, name="source_delete"),
    path(
        "b/<slug:slug>/settings/sources/<int:pk>/retry/<int:aside>/", sources.quarantine_retry, name="quarantine_retry"
    ),
    path("b/<slug:slug>/settings/members/", members.members, name="members"),
    path("b/<slug:slug>/settings/members/<int:pk>/", members.member, name="member"),
    path("b/<slug:slug>/settings/invitations/<int:pk>/", members.invited, name="invited"),
    path("b/<slug:slug>/settings/digests/<int:pk>/again/", members.issue_again, name="issue_again"),
    path("b/<slug:slug>/settings/import/", uploads.uploads, name="uploads"),
    path("b/<slug:slug>/settings/import/<int:pk>/", uploads.upload, name="upload"),
    path("b/<slug:slug>/settings/import/<int:pk>/errors/", uploads.upload_errors, name="upload_errors"),
    path("b/<slug:slug>/settings/audit/", audit.audit, name="audit"),
]

digests = [path("digests/unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe")]

urlpatterns = [*pages, *set_up, *digests]
