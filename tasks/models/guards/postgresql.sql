CREATE OR REPLACE FUNCTION agentboard_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$

CREATE TRIGGER agentboard_event_keep BEFORE DELETE ON tasks_event
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('the event log is append-only')

CREATE TRIGGER agentboard_comment_keep BEFORE UPDATE OR DELETE ON tasks_comment
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('comments are never edited or deleted')

CREATE TRIGGER agentboard_event_keep_all BEFORE TRUNCATE ON tasks_event
FOR EACH STATEMENT EXECUTE FUNCTION agentboard_refuse('the event log is append-only')

CREATE TRIGGER agentboard_comment_keep_all BEFORE TRUNCATE ON tasks_comment
FOR EACH STATEMENT EXECUTE FUNCTION agentboard_refuse('comments are never edited or deleted')

CREATE OR REPLACE FUNCTION agentboard_criterion_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM tasks_task WHERE id = NEW.task_id AND attempts > 0 AND criteria_version >= NEW.version;
    ELSE
        PERFORM 1 FROM tasks_task WHERE id = OLD.task_id AND attempts > 0;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'done criteria are frozen at the first claim' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$

CREATE TRIGGER agentboard_criterion_frozen BEFORE INSERT OR UPDATE OR DELETE ON tasks_criterion
FOR EACH ROW EXECUTE FUNCTION agentboard_criterion_frozen()

CREATE OR REPLACE FUNCTION agentboard_dependency_acyclic() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two edges that close a cycle together may be added at the same moment: one edge at a time. The number is the
    -- one of tasks.domain.turns; each later statement of this function sees what the other committed.
    PERFORM pg_advisory_xact_lock(4871001);
    IF EXISTS (SELECT 1 FROM tasks_dependency WHERE depends_on_id = NEW.task_id) AND EXISTS (
        WITH RECURSIVE upstream(id) AS (
            SELECT NEW.depends_on_id
            UNION
            SELECT d.depends_on_id FROM tasks_dependency d JOIN upstream u ON d.task_id = u.id
        )
        SELECT 1 FROM upstream WHERE id = NEW.task_id
    ) THEN
        RAISE EXCEPTION 'the dependency graph has no cycle' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$

CREATE TRIGGER agentboard_dependency_acyclic BEFORE INSERT ON tasks_dependency
FOR EACH ROW EXECUTE FUNCTION agentboard_dependency_acyclic()

CREATE TRIGGER agentboard_dependency_keep BEFORE UPDATE ON tasks_dependency
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('a dependency is added or removed, not changed')

CREATE TRIGGER agentboard_lease_token_grows AFTER UPDATE ON tasks_task
FOR EACH ROW WHEN (NEW.lease_token < OLD.lease_token)
EXECUTE FUNCTION agentboard_refuse('a lease token only grows')

CREATE OR REPLACE FUNCTION agentboard_tasklabel_starts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE: a claim that has not committed would leave this label in a pool its task has left.
    SELECT t.claimable AND t.assignee_id IS NULL, t.lane_id, t.priority, t.created_at
    INTO NEW.in_pool, NEW.lane_id, NEW.priority, NEW.created_at
    FROM tasks_task t WHERE t.id = NEW.task_id FOR SHARE;
    RETURN NEW;
END $$

CREATE TRIGGER agentboard_tasklabel_starts BEFORE INSERT ON tasks_tasklabel
FOR EACH ROW EXECUTE FUNCTION agentboard_tasklabel_starts()

CREATE OR REPLACE FUNCTION agentboard_tasklabel_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tasks_tasklabel
    SET in_pool = (NEW.claimable AND NEW.assignee_id IS NULL), lane_id = NEW.lane_id, priority = NEW.priority
    WHERE task_id = NEW.id;
    RETURN NULL;
END $$

CREATE TRIGGER agentboard_tasklabel_follows AFTER UPDATE ON tasks_task FOR EACH ROW
WHEN (OLD.claimable IS DISTINCT FROM NEW.claimable OR OLD.assignee_id IS DISTINCT FROM NEW.assignee_id
    OR OLD.lane_id <> NEW.lane_id OR OLD.priority <> NEW.priority)
EXECUTE FUNCTION agentboard_tasklabel_follows()

CREATE OR REPLACE FUNCTION agentboard_search_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- ASCII punctuation and what is not seen become space, so that both databases find the same words in `file.go`.
    INSERT INTO tasks_search(task_id, document) VALUES (NEW.id, to_tsvector('simple', translate(
        NEW.title || ' ' || left(NEW.description, 100000),
        '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~' || U&'\00AD\200B\200C\200D\200E\200F\2060\FEFF\FE0E\FE0F',
        repeat(' ', 42))))
    ON CONFLICT (task_id) DO UPDATE SET document = EXCLUDED.document;
    RETURN NULL;
END $$

CREATE TRIGGER agentboard_search_starts AFTER INSERT ON tasks_task
FOR EACH ROW EXECUTE FUNCTION agentboard_search_follows()

CREATE TRIGGER agentboard_search_follows AFTER UPDATE ON tasks_task FOR EACH ROW
WHEN (OLD.title <> NEW.title OR OLD.description <> NEW.description)
EXECUTE FUNCTION agentboard_search_follows()

CREATE TRIGGER agentboard_submission_keep BEFORE UPDATE OF task_id, number, agent_id, criteria_version, summary,
    caveats, artifacts, created_at OR DELETE ON tasks_submission
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('a submission is neither edited nor deleted')

CREATE TRIGGER agentboard_evidence_keep BEFORE UPDATE OR DELETE ON tasks_evidence
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('evidence is neither edited nor deleted')

CREATE TRIGGER agentboard_review_keep BEFORE UPDATE OR DELETE ON tasks_review
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('a review is neither edited nor deleted')

CREATE TRIGGER agentboard_verdict_keep BEFORE UPDATE OR DELETE ON tasks_verdict
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('a verdict is neither edited nor deleted')

CREATE TRIGGER agentboard_override_keep BEFORE UPDATE OR DELETE ON tasks_override
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('an override is neither edited nor deleted')

CREATE OR REPLACE FUNCTION agentboard_override_by_human() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM tasks_agent WHERE id = NEW.human_id AND kind = 'human') THEN
        RAISE EXCEPTION 'only a human overrides' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$

CREATE TRIGGER agentboard_override_by_human BEFORE INSERT ON tasks_override
FOR EACH ROW EXECUTE FUNCTION agentboard_override_by_human()

CREATE OR REPLACE FUNCTION agentboard_review_by_stranger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM tasks_submission s JOIN tasks_attempt a ON a.task_id = s.task_id
        WHERE s.id = NEW.submission_id AND a.agent_id = NEW.reviewer_id
    ) THEN
        RAISE EXCEPTION 'a worker does not judge its own work' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$

CREATE TRIGGER agentboard_review_by_stranger BEFORE INSERT ON tasks_review
FOR EACH ROW EXECUTE FUNCTION agentboard_review_by_stranger()

CREATE OR REPLACE FUNCTION agentboard_verdict_on_own_criterion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM tasks_review r JOIN tasks_submission s ON s.id = r.submission_id
        JOIN tasks_criterion c ON c.task_id = s.task_id AND c.version = s.criteria_version
        WHERE r.id = NEW.review_id AND c.id = NEW.criterion_id
    ) THEN
        RAISE EXCEPTION 'a verdict belongs to a criterion of its submission' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$

CREATE TRIGGER agentboard_verdict_on_own_criterion BEFORE INSERT ON tasks_verdict
FOR EACH ROW EXECUTE FUNCTION agentboard_verdict_on_own_criterion()

CREATE OR REPLACE FUNCTION agentboard_done_is_judged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.done_via = 'override' AND EXISTS (
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
    )) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'done needs an approval by a non-worker, or an override by a human'
        USING ERRCODE = 'restrict_violation';
END $$

CREATE TRIGGER agentboard_done_is_judged AFTER UPDATE ON tasks_task FOR EACH ROW
WHEN (NEW.status = 'done' AND (OLD.status <> 'done' OR OLD.done_via <> NEW.done_via))
EXECUTE FUNCTION agentboard_done_is_judged()

CREATE OR REPLACE FUNCTION agentboard_handoff_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.read_at IS NULL AND NEW.read_at IS NOT NULL
        AND (NEW.task_id, NEW.number, NEW.by_id, NEW.to_id, NEW.done, NEW.pending, NEW.gotchas, NEW.created_at)
        IS NOT DISTINCT FROM
        (OLD.task_id, OLD.number, OLD.by_id, OLD.to_id, OLD.done, OLD.pending, OLD.gotchas, OLD.created_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a handoff is read back once and never edited, and a handoff is not deleted'
        USING ERRCODE = 'restrict_violation';
END $$

CREATE TRIGGER agentboard_handoff_keep BEFORE UPDATE OR DELETE ON tasks_handoff
FOR EACH ROW EXECUTE FUNCTION agentboard_handoff_keep()

CREATE OR REPLACE FUNCTION agentboard_block_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
        AND (NEW.task_id, NEW.number, NEW.by_id, NEW.reason, NEW.needs, NEW.waits, NEW.created_at)
        IS NOT DISTINCT FROM
        (OLD.task_id, OLD.number, OLD.by_id, OLD.reason, OLD.needs, OLD.waits, OLD.created_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a block is ended once and never edited, and a block is not deleted'
        USING ERRCODE = 'restrict_violation';
END $$

CREATE TRIGGER agentboard_block_keep BEFORE UPDATE OR DELETE ON tasks_block
FOR EACH ROW EXECUTE FUNCTION agentboard_block_keep()

CREATE OR REPLACE FUNCTION agentboard_blocked_says_why() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM tasks_block WHERE task_id = NEW.id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'a blocked task says what it needs' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agentboard_blocked_says_why AFTER UPDATE OF status ON tasks_task FOR EACH ROW
WHEN (NEW.status = 'blocked' AND OLD.status <> 'blocked') EXECUTE FUNCTION agentboard_blocked_says_why()

CREATE TRIGGER agentboard_event_numbered_once BEFORE UPDATE ON tasks_event FOR EACH ROW
WHEN (OLD.seq IS NOT NULL OR NEW.seq IS NULL OR (OLD.id, OLD.kind, OLD.at, OLD.task_id, OLD.agent_id, OLD.data)
    IS DISTINCT FROM (NEW.id, NEW.kind, NEW.at, NEW.task_id, NEW.agent_id, NEW.data))
EXECUTE FUNCTION agentboard_refuse('the event log is append-only')
