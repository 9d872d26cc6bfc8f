CREATE TRIGGER agentboard_message_keep BEFORE UPDATE OR DELETE ON channels_app_message
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('messages are never edited or deleted')

CREATE TRIGGER agentboard_message_keep_all BEFORE TRUNCATE ON channels_app_message
FOR EACH STATEMENT EXECUTE FUNCTION agentboard_refuse('messages are never edited or deleted')

CREATE TRIGGER agentboard_notice_keep BEFORE UPDATE OR DELETE ON channels_app_notice
FOR EACH ROW EXECUTE FUNCTION agentboard_refuse('notices are never edited or deleted')

CREATE TRIGGER agentboard_notice_keep_all BEFORE TRUNCATE ON channels_app_notice
FOR EACH STATEMENT EXECUTE FUNCTION agentboard_refuse('notices are never edited or deleted')

CREATE TRIGGER agentboard_channel_grows BEFORE UPDATE ON channels_app_channel
FOR EACH ROW WHEN (NEW.last_number < OLD.last_number OR NEW.name <> OLD.name)
EXECUTE FUNCTION agentboard_refuse('a channel keeps its name, and its count only grows')

CREATE TRIGGER agentboard_inbox_grows BEFORE UPDATE ON channels_app_inbox
FOR EACH ROW WHEN (NEW.last_number < OLD.last_number OR NEW.read_up_to < OLD.read_up_to)
EXECUTE FUNCTION agentboard_refuse('the counters of an inbox only grow')

CREATE OR REPLACE FUNCTION agentboard_message_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM channels_app_message m
        WHERE m.channel_id = NEW.channel_id AND m.number = NEW.reply_to AND m.thread = NEW.thread
    ) THEN
        RAISE EXCEPTION 'a reply answers a message of its channel, in its thread' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$

CREATE TRIGGER agentboard_message_answers BEFORE INSERT ON channels_app_message
FOR EACH ROW WHEN (NEW.reply_to IS NOT NULL) EXECUTE FUNCTION agentboard_message_answers()

CREATE OR REPLACE FUNCTION agentboard_message_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The same words as in the search of tasks, see agentboard_search_follows.
    INSERT INTO channels_app_search(message_id, document) VALUES (NEW.id, to_tsvector('simple', translate(NEW.text,
        '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~' || U&'\00AD\200B\200C\200D\200E\200F\2060\FEFF\FE0E\FE0F',
        repeat(' ', 42))));
    RETURN NULL;
END $$

CREATE TRIGGER agentboard_message_search AFTER INSERT ON channels_app_message
FOR EACH ROW EXECUTE FUNCTION agentboard_message_search()
