"""What always holds of submissions, reviews and what is done; see `invariants`."""

from __future__ import annotations

RULES = {
    "an assignee is never the reviewer": """
        SELECT t.id FROM tasks_task t WHERE t.assignee_id = t.reviewer_id""",
    "done has an approval of its newest submission by a non-worker, an override by a human, or is imported": """
        SELECT t.id FROM tasks_task t WHERE t.status = 'done' AND NOT (
            t.done_via = 'import'
            OR (t.done_via = 'override' AND EXISTS (
                SELECT 1 FROM tasks_override o JOIN tasks_agent a ON a.id = o.human_id
                WHERE o.task_id = t.id AND a.kind = 'human'))
            OR (t.done_via = 'approval' AND EXISTS (
                SELECT 1 FROM tasks_submission s JOIN tasks_review r ON r.submission_id = s.id
                WHERE s.task_id = t.id AND s.voided_at IS NULL AND r.judgement = 'approve'
                AND s.criteria_version = t.criteria_version
                AND s.number = (SELECT max(n.number) FROM tasks_submission n WHERE n.task_id = t.id)
                AND NOT EXISTS (SELECT 1 FROM tasks_attempt a WHERE a.task_id = t.id AND a.agent_id = r.reviewer_id)
                AND (SELECT count(*) FROM tasks_verdict v WHERE v.review_id = r.id AND v.met) = t.criteria_count)))""",
    "a review has one verdict on each criterion of its submission": """
        SELECT r.id FROM tasks_review r JOIN tasks_submission s ON s.id = r.submission_id WHERE (
            SELECT count(DISTINCT v.criterion_id) FROM tasks_verdict v JOIN tasks_criterion c ON c.id = v.criterion_id
            WHERE v.review_id = r.id AND c.task_id = s.task_id AND c.version = s.criteria_version) <> (
            SELECT count(*) FROM tasks_criterion c WHERE c.task_id = s.task_id AND c.version = s.criteria_version)
        OR (SELECT count(*) FROM tasks_verdict v WHERE v.review_id = r.id) <> (
            SELECT count(*) FROM tasks_criterion c WHERE c.task_id = s.task_id AND c.version = s.criteria_version)""",
    "an approval has every criterion met, and a rejection one that is not": """
        SELECT r.id FROM tasks_review r WHERE (r.judgement = 'approve') = EXISTS (
            SELECT 1 FROM tasks_verdict v WHERE v.review_id = r.id AND NOT v.met)""",
    "a submission has evidence for every criterion": """
        SELECT s.id FROM tasks_submission s WHERE (
            SELECT count(*) FROM tasks_evidence e JOIN tasks_criterion c ON c.id = e.criterion_id
            WHERE e.submission_id = s.id AND c.task_id = s.task_id AND c.version = s.criteria_version) <> (
            SELECT count(*) FROM tasks_criterion c WHERE c.task_id = s.task_id AND c.version = s.criteria_version)""",
    "a task in review has a newest submission that is neither void nor judged": """
        SELECT t.id FROM tasks_task t WHERE t.status = 'validating' AND NOT EXISTS (
            SELECT 1 FROM tasks_submission s WHERE s.task_id = t.id AND s.voided_at IS NULL
            AND s.criteria_version = t.criteria_version
            AND s.number = (SELECT max(n.number) FROM tasks_submission n WHERE n.task_id = t.id)
            AND NOT EXISTS (SELECT 1 FROM tasks_review r WHERE r.submission_id = s.id))""",
    "a review is leased to its reviewer, and nothing else is": """
        SELECT t.id FROM tasks_task t
        WHERE (t.status = 'validating' AND t.reviewer_id IS NOT NULL) <> (t.review_until IS NOT NULL)""",
    "rejections are counted": """
        SELECT t.id FROM tasks_task t WHERE t.rejections <> (
            SELECT count(*) FROM tasks_review r JOIN tasks_submission s ON s.id = r.submission_id
            WHERE s.task_id = t.id AND r.judgement = 'reject')""",
    "a submission ended an attempt of its worker": """
        SELECT s.id FROM tasks_submission s WHERE NOT EXISTS (
            SELECT 1 FROM tasks_attempt a WHERE a.task_id = s.task_id AND a.agent_id = s.agent_id
            AND a.outcome = 'submitted' AND a.ended_at = s.created_at)""",
    "every submission and every review has its event": """
        SELECT t.id FROM tasks_task t WHERE
            (SELECT count(*) FROM tasks_submission s WHERE s.task_id = t.id) <> (
            SELECT count(*) FROM tasks_event e WHERE e.task_id = t.id AND e.kind = 'task.submitted')
        OR (SELECT count(*) FROM tasks_review r JOIN tasks_submission s ON s.id = r.submission_id
            WHERE s.task_id = t.id) <> (
            SELECT count(*) FROM tasks_event e
            WHERE e.task_id = t.id AND e.kind IN ('task.approved', 'task.rejected'))""",
    "a finished task asks nothing": """
        SELECT t.id FROM tasks_task t WHERE t.asks_human <> '' AND t.status IN ('done', 'cancelled')""",
}
