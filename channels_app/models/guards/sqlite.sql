CREATE TRIGGER agentboard_message_keep BEFORE UPDATE ON channels_app_message
BEGIN SELECT RAISE(ABORT, 'messages are never edited'); END

CREATE TRIGGER agentboard_message_keep_all BEFORE DELETE ON channels_app_message
BEGIN SELECT RAISE(ABORT, 'messages are never deleted'); END

CREATE TRIGGER agentboard_notice_keep BEFORE UPDATE ON channels_app_notice
BEGIN SELECT RAISE(ABORT, 'notices are never edited'); END

CREATE TRIGGER agentboard_notice_keep_all BEFORE DELETE ON channels_app_notice
BEGIN SELECT RAISE(ABORT, 'notices are never deleted'); END

CREATE TRIGGER agentboard_channel_grows BEFORE UPDATE ON channels_app_channel
WHEN NEW.last_number < OLD.last_number OR NEW.name <> OLD.name
BEGIN SELECT RAISE(ABORT, 'a channel keeps its name, and its count only grows'); END

CREATE TRIGGER agentboard_inbox_grows BEFORE UPDATE ON channels_app_inbox
WHEN NEW.last_number < OLD.last_number OR NEW.read_up_to < OLD.read_up_to
BEGIN SELECT RAISE(ABORT, 'the counters of an inbox only grow'); END

CREATE TRIGGER agentboard_message_answers BEFORE INSERT ON channels_app_message
WHEN NEW.reply_to IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM channels_app_message m
    WHERE m.channel_id = NEW.channel_id AND m.number = NEW.reply_to AND m.thread = NEW.thread
)
BEGIN SELECT RAISE(ABORT, 'a reply answers a message of its channel, in its thread'); END

CREATE TRIGGER agentboard_message_search AFTER INSERT ON channels_app_message
BEGIN INSERT INTO channels_app_search(rowid, text) VALUES (NEW.id, NEW.text); END
