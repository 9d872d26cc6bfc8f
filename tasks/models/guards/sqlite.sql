CREATE TRIGGER agentboard_event_keep BEFORE UPDATE ON tasks_event
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
