"""The addresses of the dashboard: the pages that people read, then those that set things up."""

from django.urls import path

from dashboard.views import (
    account,
    asking,
    audit,
    brands,
    complaint_settings,
    complaints,
    engine,
    home,
    improvements,
    invitations,
    labels,
    line,
    live,
    members,
    mentions,
    notices,
    opt_outs,
    overview,
    quality,
    queries,
    sources,
    spikes,
    splits,
    start,
    stepping_out,
    themes,
    unsubscribe,
    uploads,
)

pages = [
    path("", home.home, name="home"),
    path("b/<slug:slug>/", overview.overview, name="overview"),
    path("b/<slug:slug>/mentions/", mentions.mentions, name="mentions"),
    path("b/<slug:slug>/mentions/<int:pk>/", mentions.mention, name="mention"),
    path("b/<slug:slug>/mentions/<int:pk>/correct/", mentions.correct, name="correct"),
    path("b/<slug:slug>/mentions/<int:pk>/line/", asking.asking, name="asking"),
    path("b/<slug:slug>/mentions/<int:pk>/line/<int:number>/", asking.decision, name="decision"),
    path("b/<slug:slug>/mentions/<int:pk>/split/", splits.split, name="split"),
    path("b/<slug:slug>/complaints/", complaints.complaints, name="complaints"),
    path("b/<slug:slug>/complaints/<int:pk>/", complaints.complaint, name="complaint"),
    path("b/<slug:slug>/line/", line.line, name="line"),
    path("b/<slug:slug>/line/preview/", line.line_preview, name="line_preview"),
    path("b/<slug:slug>/themes/", themes.themes, name="themes"),
    path("b/<slug:slug>/themes/new/", themes.theme_new, name="theme_new"),
    path("b/<slug:slug>/themes/<int:pk>/", themes.theme, name="theme"),
    path("b/<slug:slug>/themes/<int:pk>/merge/", themes.theme_merge, name="theme_merge"),
    path("b/<slug:slug>/themes/<int:pk>/remove/", themes.theme_remove, name="theme_remove"),
    path("b/<slug:slug>/spikes/", spikes.spikes, name="spikes"),
    path("b/<slug:slug>/improvements/", improvements.improvements, name="improvements"),
    path("b/<slug:slug>/improvements/new/", improvements.improvement_new, name="improvement_new"),
    path("b/<slug:slug>/improvements/<int:pk>/", improvements.improvement, name="improvement"),
    path("b/<slug:slug>/improvements/<int:pk>/public/", improvements.improvement_public, name="improvement_public"),
    path(
        "b/<slug:slug>/improvements/<int:pk>/cases/<int:case>/", improvements.improvement_case, name="improvement_case"
    ),
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
    path("b/<slug:slug>/settings/engine/", engine.engine, name="engine"),
    path("b/<slug:slug>/settings/engine/rescore/", engine.rescore, name="rescore"),
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
    path("b/<slug:slug>/settings/complaints/", complaint_settings.complaint_settings, name="complaint_settings"),
    path(
        "b/<slug:slug>/settings/complaints/progress/", complaint_settings.complaint_progress, name="complaint_progress"
    ),
    path("b/<slug:slug>/settings/complaints/phrases/", complaint_settings.kind_phrases, name="kind_phrases"),
    path("b/<slug:slug>/settings/audit/", audit.audit, name="audit"),
    path("b/<slug:slug>/settings/audit/export/", audit.audit_export, name="audit_export"),
    path("b/<slug:slug>/settings/notice/", notices.notice_settings, name="notice_settings"),
]

people = [
    path("about/<slug:slug>/", notices.notice, name="notice"),
    path("about/<slug:slug>/improvements/", notices.said_and_done, name="said_and_done"),
    path("opt-out/", stepping_out.step_out, name="step_out"),
    path("opt-out/<str:token>/", stepping_out.step_out_request, name="step_out_request"),
    path("opt-out/<str:token>/check/", stepping_out.step_out_check, name="step_out_check"),
    path("people/opt-outs/", opt_outs.opt_outs, name="opt_outs"),
    path("people/opt-outs/<int:pk>/", opt_outs.opt_out_decide, name="opt_out_decide"),
]

digests = [path("digests/unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe")]

urlpatterns = [*pages, *set_up, *people, *digests]
