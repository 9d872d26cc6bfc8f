"""The addresses of the REST door."""

from django.urls import path

from tasks.api import (
    agents,
    claims,
    closing,
    comments,
    criteria,
    digests,
    events,
    reviews,
    stats,
    submissions,
    tasks,
)

urlpatterns = [
    path("tasks", tasks.Tasks.as_view()),
    path("tasks/next", claims.NextTask.as_view()),
    path("tasks/active", claims.ActiveTasks.as_view()),
    path("tasks/batch", tasks.TaskBatch.as_view()),
    path("tasks/<str:ref>", tasks.OneTask.as_view()),
    path("tasks/<str:ref>/claim", claims.ClaimTask.as_view()),
    path("tasks/<str:ref>/comments", comments.Comments.as_view()),
    path("tasks/<str:ref>/events", events.TaskEvents.as_view()),
    path("tasks/<str:ref>/cancel", closing.CancelTask.as_view()),
    path("tasks/<str:ref>/reopen", closing.ReopenTask.as_view()),
    path("tasks/<str:ref>/override", closing.OverrideTask.as_view()),
    path("tasks/<str:ref>/criteria", criteria.TaskCriteria.as_view()),
    path("tasks/<str:ref>/submissions", submissions.Submissions.as_view()),
    path("tasks/<str:ref>/reviews", reviews.TaskReviews.as_view()),
    path("reviews", reviews.Reviews.as_view()),
    path("reviews/next", reviews.NextReview.as_view()),
    path("stats", stats.Stats.as_view()),
    path("digest", digests.OneDigest.as_view()),
    path("digests", digests.Digests.as_view()),
    path("tasks/<str:ref>/release", closing.ReleaseTask.as_view()),
    path("agents", agents.Agents.as_view()),
    path("agents/<str:name>", agents.OneAgent.as_view()),
    path("agents/<str:name>/heartbeat", agents.AgentHeartbeat.as_view()),
]
