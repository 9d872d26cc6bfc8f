CREATE TRIGGER agentboard_event_keep BEFORE UPDATE ON tasks_event
WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR (OLD.id, OLD.kind, OLD.at, OLD.task_id, OLD.agent_id, OLD.data)
    IS NOT (NEW.id, NEW.kind, NEW.at, NEW.task_id, NEW.agent_id, NEW.data)
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END

CREATE TRIGGER agentboard_event_keep_all BEFORE DELETE ON tasks_event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END

CREATE TRIGGER agentboard_comment_keep BEFORE UPDATE ON tasks_comment
BEGIN SELECT RAISE(ABORT, 'comments are never edited'); END

CREATE TRIGGER agentboard_comment_keep_all BEFORE DELETE ON tasks_comment
BEGIN SELECT RAISE(ABORT, 'comments are never deleted'); END

CREATE TRIGGER agentboard_criterion_insert BEFORE INSERT ON tasks_criterion
WHEN EXISTS (SELECT 1 FROM tasks_task WHERE id = NEW.task_id AND attempts > 0 AND criteria_version >= NEW.version)
BEGIN SELECT RAISE(ABORT, 'done criteria are frozen at the first claim'); END

CREATE TRIGGER agentboard_criterion_update BEFORE UPDATE ON tasks_criterion
WHEN EXISTS (SELECT 1 FROM tasks_task WHERE id = OLD.task_id AND attempts > 0)
BEGIN SELECT RAISE(ABORT, 'done criteria are frozen at the first claim'); END

CREATE TRIGGER agentboard_criterion_delete BEFORE DELETE ON tasks_criterion
WHEN EXISTS (SELECT 1 FROM tasks_task WHERE id = OLD.task_id AND attempts > 0)
BEGIN SELECT RAISE(ABORT, 'done criteria are frozen at the first claim'); END

CREATE TRIGGER agentboard_dependency_acyclic BEFORE INSERT ON tasks_dependency
WHEN EXISTS (SELECT 1 FROM tasks_dependency WHERE depends_on_id = NEW.task_id)
BEGIN
    SELECT RAISE(ABORT, 'the dependency graph has no cycle') WHERE EXISTS (
        WITH RECURSIVE upstream(id) AS (
            SELECT NEW.depends_on_id
            UNION
            SELECT d.depends_on_id FROM tasks_dependency d JOIN upstream u ON d.task_id = u.id
        )
        SELECT 1 FROM upstream WHERE id = NEW.task_id
    );
END

CREATE TRIGGER agentboard_dependency_keep BEFORE UPDATE ON tasks_dependency
BEGIN SELECT RAISE(ABORT, 'a dependency is added or removed, not changed'); END

CREATE TRIGGER agentboard_lease_token_grows AFTER UPDATE OF lease_token ON tasks_task
WHEN NEW.lease_token < OLD.lease_token
BEGIN SELECT RAISE(ABORT, 'a lease token only grows'); END

CREATE TRIGGER agentboard_tasklabel_starts AFTER INSERT ON tasks_tasklabel
BEGIN
    UPDATE tasks_tasklabel SET (in_pool, lane_id, priority, created_at) = (
        SELECT t.claimable AND t.assignee_id IS NULL, t.lane_id, t.priority, t.created_at
        FROM tasks_task t WHERE t.id = NEW.task_id
    ) WHERE id = NEW.id;
END

CREATE TRIGGER agentboard_tasklabel_follows_task AFTER UPDATE ON tasks_task
WHEN OLD.claimable IS NOT NEW.claimable OR OLD.assignee_id IS NOT NEW.assignee_id
    OR OLD.lane_id <> NEW.lane_id OR OLD.priority <> NEW.priority
BEGIN
    UPDATE tasks_tasklabel
    SET in_pool = (NEW.claimable AND NEW.assignee_id IS NULL), lane_id = NEW.lane_id, priority = NEW.priority
    WHERE task_id = NEW.id;
END

CREATE TRIGGER agentboard_search_insert AFTER INSERT ON tasks_task
BEGIN INSERT INTO tasks_search(rowid, title, description) VALUES (NEW.id, NEW.title, NEW.description); END

CREATE TRIGGER agentboard_search_update AFTER UPDATE OF title, description ON tasks_task
WHEN OLD.title <> NEW.title OR OLD.description <> NEW.description
BEGIN
    INSERT INTO tasks_search(tasks_search, rowid, title, description)
    VALUES ('delete', OLD.id, OLD.title, OLD.description);
    INSERT INTO tasks_search(rowid, title, description) VALUES (NEW.id, NEW.title, NEW.description);
END

CREATE TRIGGER agentboard_search_delete AFTER DELETE ON tasks_task
BEGIN
    INSERT INTO tasks_search(tasks_search, rowid, title, description)
    VALUES ('delete', OLD.id, OLD.title, OLD.description);
END

CREATE TRIGGER agentboard_submission_keep BEFORE UPDATE OF task_id, number, agent_id, criteria_version, summary,
    caveats, artifacts, created_at ON tasks_submission
BEGIN SELECT RAISE(ABORT, 'a submission is not edited'); END

CREATE TRIGGER agentboard_submission_keep_all BEFORE DELETE ON tasks_submission
BEGIN SELECT RAISE(ABORT, 'a submission is not deleted'); END

CREATE TRIGGER agentboard_evidence_keep BEFORE UPDATE ON tasks_evidence
BEGIN SELECT RAISE(ABORT, 'evidence is not edited'); END

CREATE TRIGGER agentboard_evidence_keep_all BEFORE DELETE ON tasks_evidence
BEGIN SELECT RAISE(ABORT, 'evidence is not deleted'); END

CREATE TRIGGER agentboard_review_keep BEFORE UPDATE ON tasks_review
BEGIN SELECT RAISE(ABORT, 'a review is not edited'); END

CREATE TRIGGER agentboard_review_keep_all BEFORE DELETE ON tasks_review
BEGIN SELECT RAISE(ABORT, 'a review is not deleted'); END

CREATE TRIGGER agentboard_verdict_keep BEFORE UPDATE ON tasks_verdict
BEGIN SELECT RAISE(ABORT, 'a verdict is not edited'); END

CREATE TRIGGER agentboard_verdict_keep_all BEFORE DELETE ON tasks_verdict
BEGIN SELECT RAISE(ABORT, 'a verdict is not deleted'); END

CREATE TRIGGER agentboard_override_keep BEFORE UPDATE ON tasks_override
BEGIN SELECT RAISE(ABORT, 'an override is not edited'); END

CREATE TRIGGER agentboard_override_keep_all BEFORE DELETE ON tasks_override
BEGIN SELECT RAISE(ABORT, 'an override is not deleted'); END

CREATE TRIGGER agentboard_override_by_human BEFORE INSERT ON tasks_override
WHEN NOT EXISTS (SELECT 1 FROM tasks_agent WHERE id = NEW.human_id AND kind = 'human')
BEGIN SELECT RAISE(ABORT, 'only a human overrides'); END

CREATE TRIGGER agentboard_review_by_stranger BEFORE INSERT ON tasks_review
WHEN EXISTS (
    SELECT 1 FROM tasks_submission s JOIN tasks_attempt a ON a.task_id = s.task_id
    WHERE s.id = NEW.submission_id AND a.agent_id = NEW.reviewer_id
)
BEGIN SELECT RAISE(ABORT, 'a worker does not judge its own work'); END

CREATE TRIGGER agentboard_verdict_on_own_criterion BEFORE INSERT ON tasks_verdict
WHEN NOT EXISTS (
    SELECT 1 FROM tasks_review r JOIN tasks_submission s ON s.id = r.submission_id
    JOIN tasks_criterion c ON c.task_id = s.task_id AND c.version = s.criteria_version
    WHERE r.id = NEW.review_id AND c.id = NEW.criterion_id
)
BEGIN SELECT RAISE(ABORT, 'a verdict belongs to a criterion of its submission'); END

CREATE TRIGGER agentboard_done_is_judged AFTER UPDATE OF status, done_via ON tasks_task
WHEN NEW.status = 'done' AND (OLD.status <> 'done' OR OLD.done_via <> NEW.done_via)
BEGIN
    SELECT RAISE(ABORT, 'done needs an approval by a non-worker, or an override by a human') WHERE NOT (
        (NEW.done_via = 'override' AND EXISTS (
            SELECT 1 FROM tasks_override o WHERE o.task_id = NEW.id AND o.created_at = NEW.finished_at
        ))
        OR (NEW.done_via = 'approval' AND EXISTS (
            SELECT 1 FROM tasks_review r JOIN tasks_submission s ON s.id = r.submission_id
            WHERE s.task_id = NEW.id AND s.voided_at IS NULL AND r.judgement = 'approve'
            AND s.criteria_version = NEW.criteria_version
            AND s.number = (SELECT max(number) FROM tasks_submission WHERE task_id = NEW.id)
            AND NOT EXISTS (SELECT 1 FROM tasks_verdict v WHERE v.review_id = r.id AND NOT v.met)
            AND (SELECT count(*) FROM tasks_verdict v WHERE v.review_id = r.id) = NEW.criteria_count
            AND NOT EXISTS (
                SELECT 1 FROM tasks_attempt a WHERE a.task_id = NEW.id AND a.agent_id = r.reviewer_id
            )
        ))
    );
END

CREATE TRIGGER agentboard_handoff_keep BEFORE UPDATE ON tasks_handoff
WHEN OLD.read_at IS NOT NULL OR NEW.read_at IS NULL OR NEW.task_id <> OLD.task_id OR NEW.number <> OLD.number
    OR NEW.by_id IS NOT OLD.by_id OR NEW.to_id IS NOT OLD.to_id OR NEW.done <> OLD.done
    OR NEW.pending <> OLD.pending OR NEW.gotchas <> OLD.gotchas OR NEW.created_at <> OLD.created_at
BEGIN SELECT RAISE(ABORT, 'a handoff is read back once and never edited'); END

CREATE TRIGGER agentboard_handoff_keep_all BEFORE DELETE ON tasks_handoff
BEGIN SELECT RAISE(ABORT, 'a handoff is not deleted'); END

CREATE TRIGGER agentboard_block_keep BEFORE UPDATE ON tasks_block
WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.task_id <> OLD.task_id OR NEW.number <> OLD.number
    OR NEW.by_id IS NOT OLD.by_id OR NEW.reason <> OLD.reason OR NEW.needs <> OLD.needs
    OR NEW.waits <> OLD.waits OR NEW.created_at <> OLD.created_at
BEGIN SELECT RAISE(ABORT, 'a block is ended once and never edited'); END

CREATE TRIGGER agentboard_block_keep_all BEFORE DELETE ON tasks_block
BEGIN SELECT RAISE(ABORT, 'a block is not deleted'); END

CREATE TRIGGER agentboard_blocked_says_why AFTER UPDATE OF status ON tasks_task
WHEN NEW.status = 'blocked' AND NOT EXISTS (SELECT 1 FROM tasks_block WHERE task_id = NEW.id AND ended_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'a blocked task says what it needs'); END

CREATE TRIGGER agentboard_event_numbered AFTER INSERT ON tasks_event WHEN NEW.seq IS NULL
BEGIN
    UPDATE tasks_event SET seq = (SELECT COALESCE(max(seq), 0) + 1 FROM tasks_event) WHERE id = NEW.id;
END
