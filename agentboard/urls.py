"""Every address of the server."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView

from agentboard import guide, live
from agentboard.capabilities import Capabilities
from agentboard.health import Health

urlpatterns = [
    path("", include("tasks.api.urls")),
    path("", include("channels_app.api.urls")),
    path("capabilities", Capabilities.as_view()),
    path("health", Health.as_view()),
    path("schema", SpectacularJSONAPIView.as_view()),
    path("", guide.front),
    path("docs", guide.docs),
    path("llms.txt", guide.llms),
    path("board/live", live.stream),
    path("board/", include("tasks.web.urls")),
    path("board/", include("channels_app.web.urls")),
    # One place where passwords are given, so that one place limits how often.
    path("admin/login/", RedirectView.as_view(url="/board/sign-in", query_string=True)),
    path("admin/", admin.site.urls),
]

handler404 = "agentboard.unknown.address"
handler500 = "tasks.api.problems.internal"
