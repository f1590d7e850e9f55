/* schema.c: see schema.h.
 *
 * A migration is never changed once released; the next one is added behind it.
 *
 * What keeps the cost of a message from growing with the number of stored ones: every
 * look-up of the way of a message goes through an index whose hot end is small (unprocessed
 * rows, due mails), or by a 64-bit key in place of a long text. A key only finds; the text
 * itself is then compared.
 */
#include "schema.h"

#include "store_internal.h"

#define APPLICATION_ID 0x50446b31 /* "PDk1" */
#define TEXT_OF(number) TEXT_OF_(number)
#define TEXT_OF_(number) #number

static const char version_1[] =
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE alarm (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL,"
    " text TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,"
    " count INTEGER NOT NULL, mailed INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE INDEX alarm_by_kind ON alarm (kind, subject, first_at);"
    "CREATE INDEX alarm_by_time ON alarm (last_at);"
    "CREATE INDEX alarm_to_mail ON alarm (id) WHERE mailed = 0;"

    "CREATE TABLE mailbox (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " uidvalidity INTEGER NOT NULL DEFAULT 0, next_uid INTEGER NOT NULL DEFAULT 0,"
    " quiet_below INTEGER NOT NULL DEFAULT 0, dated_below INTEGER NOT NULL DEFAULT 0, started_at "
    "INTEGER NOT NULL DEFAULT 0,"
    " last_contact INTEGER NOT NULL DEFAULT 0, left_out INTEGER NOT NULL DEFAULT 0) STRICT;"

    "CREATE TABLE segment (id INTEGER PRIMARY KEY, owner TEXT NOT NULL,"
    " committed INTEGER NOT NULL) STRICT;"
    "CREATE INDEX segment_by_owner ON segment (owner);"

    "CREATE TABLE inbox (id INTEGER PRIMARY KEY,"
    " mailbox INTEGER NOT NULL REFERENCES mailbox, uidvalidity INTEGER NOT NULL,"
    " uid INTEGER NOT NULL, arrived_at INTEGER NOT NULL, taken_at INTEGER NOT NULL,"
    " segment INTEGER NOT NULL REFERENCES segment, offset INTEGER NOT NULL,"
    " length INTEGER NOT NULL, sha256 BLOB NOT NULL, truncated INTEGER NOT NULL,"
    " full_size INTEGER NOT NULL, quiet INTEGER NOT NULL, outcome INTEGER NOT NULL,"
    " reason TEXT, ticket INTEGER REFERENCES ticket, faults INTEGER NOT NULL,"
    " server_done INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX inbox_identity ON inbox (mailbox, uidvalidity, uid) WHERE uid > 0;"
    "CREATE INDEX inbox_untold ON inbox (mailbox, uidvalidity, uid)"
    " WHERE server_done = 0 AND uid > 0;"
    "CREATE INDEX inbox_by_outcome ON inbox (outcome);"

    "CREATE TABLE ticket (number INTEGER PRIMARY KEY, version INTEGER NOT NULL,"
    " subject TEXT NOT NULL, status TEXT NOT NULL, category TEXT NOT NULL,"
    " impact TEXT NOT NULL, urgency TEXT NOT NULL, priority TEXT NOT NULL,"
    " queue TEXT NOT NULL, assignee TEXT NOT NULL, reporter_name TEXT NOT NULL,"
    " reporter TEXT NOT NULL, department TEXT NOT NULL, language TEXT NOT NULL,"
    " suggested_link INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    " updated_at INTEGER NOT NULL, tags TEXT NOT NULL) STRICT;"
    "CREATE INDEX ticket_open ON ticket (number)"
    " WHERE status NOT IN ('closed', 'merged', 'spam');"

    "CREATE TABLE event (ticket INTEGER NOT NULL REFERENCES ticket,"
    " sequence INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,"
    " actor TEXT NOT NULL, channel TEXT NOT NULL, inbox INTEGER NOT NULL, rule_set TEXT,"
    " data TEXT NOT NULL, PRIMARY KEY (ticket, sequence)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE participant (ticket INTEGER NOT NULL REFERENCES ticket,"
    " address TEXT NOT NULL, PRIMARY KEY (ticket, address)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE thread_key (ticket INTEGER NOT NULL REFERENCES ticket,"
    " id_key INTEGER NOT NULL, message_id TEXT NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX thread_key_by_id ON thread_key (id_key, ticket);"

    "CREATE TABLE message (inbox INTEGER PRIMARY KEY REFERENCES inbox,"
    " ticket INTEGER REFERENCES ticket, message_id TEXT, content_hash BLOB NOT NULL,"
    " content_key INTEGER NOT NULL, id_key INTEGER NOT NULL, from_name TEXT,"
    " from_address TEXT, subject TEXT, date INTEGER NOT NULL, text TEXT, origin TEXT,"
    " attachments TEXT) STRICT;"
    "CREATE INDEX message_by_content ON message (content_key, id_key);"
    "CREATE INDEX message_by_ticket ON message (ticket) WHERE ticket IS NOT NULL;"

    "CREATE TABLE decision (inbox INTEGER PRIMARY KEY REFERENCES inbox,"
    " ticket INTEGER REFERENCES ticket, json TEXT NOT NULL) STRICT;"

    "CREATE TABLE outbox (id INTEGER PRIMARY KEY, ticket INTEGER REFERENCES ticket,"
    " purpose TEXT NOT NULL, recipient TEXT NOT NULL, recipient_key INTEGER NOT NULL,"
    " message_id TEXT NOT NULL, id_key INTEGER NOT NULL, envelope_from TEXT NOT NULL,"
    " state INTEGER NOT NULL, attempts INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    " hour INTEGER NOT NULL, next_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, last_reply "
    "TEXT) STRICT;"
    /* The bytes lie apart, so that a change of state does not write them again. */
    "CREATE TABLE outbox_mail (id INTEGER PRIMARY KEY REFERENCES outbox,"
    " mail BLOB NOT NULL) STRICT;"
    "CREATE INDEX outbox_by_state ON outbox (state, next_at);"
    "CREATE INDEX outbox_by_time ON outbox (created_at);"
    /* The hour comes first, so that what is written lies together. */
    "CREATE INDEX outbox_by_recipient ON outbox (hour, recipient_key, created_at)"
    " WHERE ticket IS NOT NULL;"
    "CREATE UNIQUE INDEX outbox_by_ticket ON outbox (ticket, id_key)"
    " WHERE ticket IS NOT NULL;"
    "CREATE INDEX outbox_alarms ON outbox (created_at) WHERE ticket IS NULL;"

    "PRAGMA application_id = " TEXT_OF(APPLICATION_ID) ";"
                                                       "PRAGMA user_version = 1;";

/* Due times of targets. */
static const char version_2[] =
    "ALTER TABLE ticket ADD COLUMN respond_due TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE ticket ADD COLUMN resolve_due TEXT NOT NULL DEFAULT '';"
    "PRAGMA user_version = 2;";

/* Every different file that came, once; and with which messages of whom. */
static const char version_3[] =
    "CREATE TABLE attachment (id INTEGER PRIMARY KEY, hash_key INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL, size INTEGER NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,"
    " first_inbox INTEGER NOT NULL REFERENCES inbox) STRICT;"
    "CREATE UNIQUE INDEX attachment_by_hash ON attachment (hash_key, sha256);"
    "CREATE TABLE attachment_arrival (attachment INTEGER NOT NULL REFERENCES attachment,"
    " sender_key INTEGER NOT NULL, inbox INTEGER NOT NULL REFERENCES inbox,"
    " PRIMARY KEY (attachment, sender_key, inbox)) STRICT, WITHOUT ROWID;"
    "PRAGMA user_version = 3;";

/* Keys by which mails about one matter find its ticket. */
static const char version_4[] =
    "ALTER TABLE ticket ADD COLUMN merge_key TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX ticket_by_merge_key ON ticket (merge_key)"
    " WHERE merge_key <> '' AND status NOT IN ('closed', 'merged', 'spam');"
    "PRAGMA user_version = 4;";

/* What somebody's part in a ticket is: '' follows it, 'left', 'watches', 'external'. */
static const char version_5[] = "ALTER TABLE participant ADD COLUMN part TEXT NOT NULL DEFAULT '';"
                                "PRAGMA user_version = 5;";

/* Timers of tickets, and who has how many. Whatever moves what a ticket owes makes it due at once.
 */
static const char version_6[] =
    "CREATE TABLE timer (ticket INTEGER PRIMARY KEY REFERENCES ticket, at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX timer_by_time ON timer (at);"
    "INSERT INTO timer (ticket, at) SELECT number, 0 FROM ticket"
    " WHERE status IN ('new', 'open', 'waiting');"
    "CREATE TRIGGER timer_of_new AFTER INSERT ON ticket BEGIN"
    " INSERT INTO timer (ticket, at) VALUES (new.number, 0); END;"
    "CREATE TRIGGER timer_of_changed AFTER UPDATE ON ticket"
    " WHEN old.status <> new.status OR old.respond_due <> new.respond_due"
    " OR old.resolve_due <> new.resolve_due OR old.priority <> new.priority"
    " OR old.queue <> new.queue BEGIN"
    " INSERT INTO timer (ticket, at) VALUES (new.number, 0)"
    " ON CONFLICT (ticket) DO UPDATE SET at = 0; END;"
    "CREATE INDEX ticket_of_assignee ON ticket (assignee, status)"
    " WHERE assignee <> '' AND status IN ('new', 'open', 'waiting');"
    "PRAGMA user_version = 6;";

/* The index of words; it holds no text itself. What is pending is indexed by the clock role. */
static const char version_7[] =
    "CREATE VIRTUAL TABLE search USING fts5 (subject, text, names, fields, content='',"
    " tokenize='porter unicode61');"
    "CREATE TABLE search_doc (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL,"
    " inbox INTEGER NOT NULL, digest INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX search_doc_of ON search_doc (ticket, inbox);"
    "CREATE TABLE search_pending (ticket INTEGER PRIMARY KEY) STRICT;"
    "INSERT INTO search_pending SELECT number FROM ticket;"
    "CREATE TRIGGER search_of_new AFTER INSERT ON ticket BEGIN"
    " INSERT OR IGNORE INTO search_pending VALUES (new.number); END;"
    "CREATE TRIGGER search_of_changed AFTER UPDATE ON ticket"
    " WHEN old.subject <> new.subject OR old.category <> new.category"
    " OR old.queue <> new.queue OR old.assignee <> new.assignee"
    " OR old.department <> new.department OR old.tags <> new.tags BEGIN"
    " INSERT OR IGNORE INTO search_pending VALUES (new.number); END;"
    "CREATE TRIGGER search_of_message AFTER INSERT ON message WHEN new.ticket IS NOT NULL BEGIN"
    " INSERT OR IGNORE INTO search_pending VALUES (new.ticket); END;"
    "PRAGMA user_version = 7;";

/* What is to be told, but not at once. */
static const char version_8[] =
    "CREATE TABLE pending (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES ticket,"
    " recipient TEXT NOT NULL, recipient_key INTEGER NOT NULL, kind TEXT NOT NULL,"
    " in_digest INTEGER NOT NULL, created_at INTEGER NOT NULL, due_at INTEGER NOT NULL,"
    " why TEXT NOT NULL, held TEXT, data TEXT NOT NULL) STRICT;"
    "CREATE INDEX pending_by_due ON pending (due_at);"
    "CREATE INDEX pending_by_ticket ON pending (ticket, recipient_key);"
    "PRAGMA user_version = 8;";

/* The desk's own fields of a ticket: a JSON object, or ''. */
static const char version_9[] = "ALTER TABLE ticket ADD COLUMN custom TEXT NOT NULL DEFAULT '';"
                                "PRAGMA user_version = 9;";

/* What keeps lists and loads from growing with the tickets (ticket_list.c, timer.c). The open
 * tickets have one index that answers every filter by itself; the others get theirs when they end,
 * so that a mail that opens a ticket pays for none of them. Conditions compare one by one: a list
 * in IN would be built anew for every row that is written. */
#define OVER PD_SQL_OVER
#define OPEN PD_SQL_OPEN
#define LOAD_NOW                                                                                   \
    "(new.assignee <> '' AND (new.status = 'new' OR new.status = 'open' OR new.status = "          \
    "'waiting'))"
#define LOAD_BEFORE                                                                                \
    "(old.assignee <> '' AND (old.status = 'new' OR old.status = 'open' OR old.status = "          \
    "'waiting'))"
static const char version_10[] =
    "DROP INDEX ticket_open;"
    "CREATE INDEX ticket_open ON ticket (number, status, queue, category, reporter)"
    " WHERE " OPEN ";"
    "DROP INDEX ticket_by_merge_key;"
    "CREATE INDEX ticket_by_merge_key ON ticket (merge_key) WHERE merge_key <> '' AND " OPEN ";"
    "CREATE INDEX ticket_over_of_reporter ON ticket (reporter COLLATE NOCASE) WHERE " OVER ";"
    "CREATE INDEX ticket_over_of_queue ON ticket (queue) WHERE " OVER ";"
    "CREATE INDEX ticket_over_of_category ON ticket (category, queue, status) WHERE " OVER ";"
    "CREATE INDEX ticket_set_aside ON ticket (status) WHERE status = 'merged' OR status = 'spam';"

    "DROP INDEX ticket_of_assignee;"
    "CREATE TABLE workload (assignee TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT,"
    " WITHOUT ROWID;"
    "INSERT INTO workload SELECT assignee, count(*) FROM ticket"
    " WHERE assignee <> '' AND status IN ('new', 'open', 'waiting') GROUP BY assignee;"
    "CREATE TRIGGER workload_of_new AFTER INSERT ON ticket WHEN " LOAD_NOW " BEGIN"
    " INSERT INTO workload VALUES (new.assignee, 1)"
    " ON CONFLICT (assignee) DO UPDATE SET count = count + 1; END;"
    "CREATE TRIGGER workload_taken AFTER UPDATE ON ticket"
    " WHEN " LOAD_NOW " AND NOT (" LOAD_BEFORE " AND old.assignee = new.assignee) BEGIN"
    " INSERT INTO workload VALUES (new.assignee, 1)"
    " ON CONFLICT (assignee) DO UPDATE SET count = count + 1; END;"
    "CREATE TRIGGER workload_given_up AFTER UPDATE ON ticket"
    " WHEN " LOAD_BEFORE " AND NOT (" LOAD_NOW " AND old.assignee = new.assignee) BEGIN"
    " UPDATE workload SET count = count - 1 WHERE assignee = old.assignee; END;"
    "PRAGMA user_version = 10;";

/* Words in subjects, names and fields have an index of their own, in which each character of
 * Chinese stands alone, too; a look-up there passes by no text. What is pending is noted by
 * message, so that the thousandth message of a ticket costs what the first one does. */
static const char version_11[] =
    "DROP TRIGGER search_of_new; DROP TRIGGER search_of_changed; DROP TRIGGER search_of_message;"
    "DROP TABLE search_pending; DROP TABLE search;"
    "DELETE FROM search_doc;"
    "CREATE VIRTUAL TABLE search USING fts5 (subject, text, names, fields, content='',"
    " columnsize=0, tokenize='porter unicode61');"
    "CREATE VIRTUAL TABLE search_head USING fts5 (subject, names, fields, characters, content='',"
    " columnsize=0, tokenize='porter unicode61');"
    "CREATE TABLE search_pending (ticket INTEGER NOT NULL, inbox INTEGER NOT NULL,"
    " PRIMARY KEY (ticket, inbox)) STRICT, WITHOUT ROWID;"
    "INSERT INTO search_pending SELECT number, 0 FROM ticket;"
    "INSERT INTO search_pending SELECT ticket, inbox FROM message WHERE ticket IS NOT NULL;"
    "CREATE TRIGGER search_of_new AFTER INSERT ON ticket BEGIN"
    " INSERT OR IGNORE INTO search_pending VALUES (new.number, 0); END;"
    "CREATE TRIGGER search_of_changed AFTER UPDATE ON ticket"
    " WHEN old.subject <> new.subject OR old.category <> new.category"
    " OR old.queue <> new.queue OR old.assignee <> new.assignee"
    " OR old.reporter_name <> new.reporter_name OR old.reporter <> new.reporter"
    " OR old.department <> new.department OR old.tags <> new.tags BEGIN"
    " INSERT OR IGNORE INTO search_pending VALUES (new.number, 0); END;"
    "CREATE TRIGGER search_of_message AFTER INSERT ON message WHEN new.ticket IS NOT NULL BEGIN"
    " INSERT OR IGNORE INTO search_pending VALUES (new.ticket, new.inbox); END;"
    "PRAGMA user_version = 11;";

/* Messages are counted as their outcomes change, and only those that wait for somebody are
 * indexed: what status tells costs the same with many of them, and processing one writes less. */
static const char version_12[] =
    "CREATE TABLE inbox_tally (outcome INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;"
    "INSERT INTO inbox_tally SELECT outcome, count(*) FROM inbox GROUP BY outcome;"
    "INSERT OR IGNORE INTO inbox_tally VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0);"
    "DROP INDEX inbox_by_outcome;"
    "CREATE INDEX inbox_waiting ON inbox (id) WHERE outcome = 0;"
    "CREATE INDEX inbox_quarantined ON inbox (id) WHERE outcome = 4;"
    "CREATE TRIGGER inbox_tally_new AFTER INSERT ON inbox BEGIN"
    " UPDATE inbox_tally SET count = count + 1 WHERE outcome = new.outcome; END;"
    "CREATE TRIGGER inbox_tally_changed AFTER UPDATE OF outcome ON inbox"
    " WHEN old.outcome <> new.outcome BEGIN"
    " UPDATE inbox_tally SET count = count - 1 WHERE outcome = old.outcome;"
    " UPDATE inbox_tally SET count = count + 1 WHERE outcome = new.outcome; END;"
    "PRAGMA user_version = 12;";

/* Forms that are to be printed and mailed. */
static const char version_13[] =
    "CREATE TABLE print_job (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES ticket,"
    " data TEXT NOT NULL) STRICT;"
    "PRAGMA user_version = 13;";

/* The open tickets of a reporter; the others have theirs since version 10. */
static const char version_14[] =
    "CREATE INDEX ticket_open_of_reporter ON ticket (reporter COLLATE NOCASE) WHERE " OPEN ";"
    "PRAGMA user_version = 14;";

/* The desk's own fields are found, too. */
static const char version_15[] =
    "DROP TRIGGER search_of_changed;"
    "CREATE TRIGGER search_of_changed AFTER UPDATE ON ticket"
    " WHEN old.subject <> new.subject OR old.category <> new.category"
    " OR old.queue <> new.queue OR old.assignee <> new.assignee"
    " OR old.reporter_name <> new.reporter_name OR old.reporter <> new.reporter"
    " OR old.department <> new.department OR old.tags <> new.tags"
    " OR old.custom <> new.custom BEGIN"
    " INSERT OR IGNORE INTO search_pending VALUES (new.number, 0); END;"
    "INSERT OR IGNORE INTO search_pending SELECT number, 0 FROM ticket WHERE custom <> '';"
    "PRAGMA user_version = 15;";

/* The words of solved tickets (likeness.c), noted by the clock role: inbox -1 of what is pending.
 *
 * What a change of a ticket sets off now names the columns it looks at: most events change none of
 * them, and pay for none. Messages are counted once they have an outcome; those that wait have an
 * index. Sent mails, of which there are the most, are in no index of states. */
#define SOLVED_NOW "(new.status = 'resolved' OR new.status = 'closed')"
#define SOLVED_BEFORE "(old.status = 'resolved' OR old.status = 'closed')"
static const char version_16[] =
    "CREATE TABLE likeness (word INTEGER NOT NULL, ticket INTEGER NOT NULL,"
    " PRIMARY KEY (word, ticket)) STRICT, WITHOUT ROWID;"
    "INSERT INTO search_pending SELECT number, -1 FROM ticket"
    " WHERE status = 'resolved' OR status = 'closed';"
    "CREATE TRIGGER likeness_of_solved AFTER UPDATE OF status ON ticket"
    " WHEN " SOLVED_NOW " AND NOT " SOLVED_BEFORE " BEGIN"
    " INSERT OR IGNORE INTO search_pending VALUES (new.number, -1); END;"

    "DROP TRIGGER timer_of_changed; DROP TRIGGER search_of_changed;"
    "DROP TRIGGER workload_taken; DROP TRIGGER workload_given_up;"
    "CREATE TRIGGER timer_of_changed"
    " AFTER UPDATE OF status, respond_due, resolve_due, priority, queue ON ticket"
    " WHEN old.status <> new.status OR old.respond_due <> new.respond_due"
    " OR old.resolve_due <> new.resolve_due OR old.priority <> new.priority"
    " OR old.queue <> new.queue BEGIN"
    " INSERT INTO timer (ticket, at) VALUES (new.number, 0)"
    " ON CONFLICT (ticket) DO UPDATE SET at = 0; END;"
    "CREATE TRIGGER search_of_changed AFTER UPDATE OF subject, category, queue, assignee,"
    " reporter_name, reporter, department, tags, custom ON ticket"
    " WHEN old.subject <> new.subject OR old.category <> new.category"
    " OR old.queue <> new.queue OR old.assignee <> new.assignee"
    " OR old.reporter_name <> new.reporter_name OR old.reporter <> new.reporter"
    " OR old.department <> new.department OR old.tags <> new.tags"
    " OR old.custom <> new.custom BEGIN"
    " INSERT OR IGNORE INTO search_pending VALUES (new.number, 0); END;"
    "CREATE TRIGGER workload_taken AFTER UPDATE OF assignee, status ON ticket"
    " WHEN " LOAD_NOW " AND NOT (" LOAD_BEFORE " AND old.assignee = new.assignee) BEGIN"
    " INSERT INTO workload VALUES (new.assignee, 1)"
    " ON CONFLICT (assignee) DO UPDATE SET count = count + 1; END;"
    "CREATE TRIGGER workload_given_up AFTER UPDATE OF assignee, status ON ticket"
    " WHEN " LOAD_BEFORE " AND NOT (" LOAD_NOW " AND old.assignee = new.assignee) BEGIN"
    " UPDATE workload SET count = count - 1 WHERE assignee = old.assignee; END;"

    "DROP TRIGGER inbox_tally_new; DROP TRIGGER inbox_tally_changed;"
    "DELETE FROM inbox_tally WHERE outcome = 0;"
    "CREATE TRIGGER inbox_tally_more AFTER UPDATE OF outcome ON inbox"
    " WHEN old.outcome <> new.outcome AND new.outcome <> 0 BEGIN"
    " UPDATE inbox_tally SET count = count + 1 WHERE outcome = new.outcome; END;"
    "CREATE TRIGGER inbox_tally_less AFTER UPDATE OF outcome ON inbox"
    " WHEN old.outcome <> new.outcome AND old.outcome <> 0 BEGIN"
    " UPDATE inbox_tally SET count = count - 1 WHERE outcome = old.outcome; END;"

    "DROP INDEX outbox_by_state;"
    "CREATE INDEX outbox_unsent ON outbox (state, next_at) WHERE state <> 2;"
    "PRAGMA user_version = 16;";

/* One row for each word, with the newest tickets that have it: as many rows as there are words. */
static const char version_17[] =
    "DROP TABLE likeness;"
    "CREATE TABLE likeness (word INTEGER PRIMARY KEY, tickets BLOB NOT NULL) STRICT;"
    "INSERT OR IGNORE INTO search_pending SELECT number, -1 FROM ticket"
    " WHERE status = 'resolved' OR status = 'closed';"
    "PRAGMA user_version = 17;";

/* The tickets of a reporter are chosen without reading them. */
static const char version_18[] =
    "DROP INDEX ticket_over_of_reporter; DROP INDEX ticket_open_of_reporter;"
    "CREATE INDEX ticket_over_of_reporter ON ticket (reporter COLLATE NOCASE, number, status)"
    " WHERE " OVER ";"
    "CREATE INDEX ticket_open_of_reporter ON ticket (reporter COLLATE NOCASE, number, status)"
    " WHERE " OPEN ";"
    "PRAGMA user_version = 18;";

/* Bytes of raw mail that lie once (sharing.c): those of a segment that were given back, and where
 * the same ones lie; messages to be looked at; and messages that hold a file encoded otherwise than
 * the first one that brought it. */
static const char version_19[] =
    "CREATE TABLE raw_shared (segment INTEGER NOT NULL REFERENCES segment,"
    " offset INTEGER NOT NULL, length INTEGER NOT NULL,"
    " home_segment INTEGER NOT NULL REFERENCES segment, home_offset INTEGER NOT NULL,"
    " PRIMARY KEY (segment, offset),"
    " CHECK (length > 0 AND (segment <> home_segment OR home_offset + length <= offset"
    " OR offset + length <= home_offset))) STRICT, WITHOUT ROWID;"
    "CREATE INDEX raw_shared_by_home ON raw_shared (home_segment, home_offset);"
    "CREATE TABLE attachment_home (attachment INTEGER NOT NULL REFERENCES attachment,"
    " inbox INTEGER NOT NULL REFERENCES inbox,"
    " PRIMARY KEY (attachment, inbox)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE sharing_pending (inbox INTEGER NOT NULL REFERENCES inbox,"
    " attachment INTEGER NOT NULL, copy_of INTEGER NOT NULL,"
    " PRIMARY KEY (inbox, attachment, copy_of)) STRICT, WITHOUT ROWID;"
    "INSERT OR IGNORE INTO sharing_pending SELECT r.inbox, r.attachment, 0"
    " FROM attachment_arrival r JOIN attachment a ON a.id = r.attachment"
    " WHERE a.size >= 12288 AND r.inbox <> a.first_inbox;"
    "PRAGMA user_version = 19;";

/* The index of words lies in shards (search_shard.c), of which what there is becomes the first. If
 * it is larger than any other will be, it stays as it is. */
static const char version_20[] =
    "CREATE TABLE search_shard (id INTEGER PRIMARY KEY, first INTEGER NOT NULL,"
    " merged INTEGER NOT NULL) STRICT;"
    "INSERT INTO search_shard (id, first, merged)"
    " SELECT 0, 1, coalesce(max(id), 0) > 131072 FROM search_doc;"
    "PRAGMA user_version = 20;";

/* Notes are found by their words (search_index.c). */
static const char version_21[] =
    "INSERT OR IGNORE INTO search_pending SELECT ticket, -sequence FROM event"
    " WHERE kind = 'note' AND sequence > 1;"
    "PRAGMA user_version = 21;";

/* What alarms tell in words of any language. */
static const char version_22[] = "ALTER TABLE alarm ADD COLUMN facts TEXT NOT NULL DEFAULT '';"
                                 "PRAGMA user_version = 22;";

/* What is shared may be broken into other lines at home (rewrap.h): width, line end (bytes) and
 * column of the first byte on both sides, all 0 where it lies there byte for byte. Who has kept a
 * file in lines of his own, or more, is looked at once more. */
static const char version_23[] =
    "ALTER TABLE raw_shared RENAME TO raw_shared_19;"
    "CREATE TABLE raw_shared (segment INTEGER NOT NULL REFERENCES segment,"
    " offset INTEGER NOT NULL, length INTEGER NOT NULL,"
    " line_width INTEGER NOT NULL, line_end INTEGER NOT NULL, line_column INTEGER NOT NULL,"
    " home_segment INTEGER NOT NULL REFERENCES segment,"
    " home_offset INTEGER NOT NULL, home_length INTEGER NOT NULL,"
    " home_line_width INTEGER NOT NULL, home_line_end INTEGER NOT NULL,"
    " home_line_column INTEGER NOT NULL,"
    " PRIMARY KEY (segment, offset),"
    " CHECK (length > 0 AND home_length > 0 AND (segment <> home_segment"
    " OR home_offset + home_length <= offset OR offset + length <= home_offset)),"
    " CHECK (line_width >= 0 AND line_end BETWEEN line_width > 0 AND 2 * (line_width > 0)"
    " AND line_column BETWEEN 0 AND max(0, line_width + line_end - 1)),"
    " CHECK (home_line_width >= 0"
    " AND home_line_end BETWEEN home_line_width > 0 AND 2 * (home_line_width > 0)"
    " AND home_line_column BETWEEN 0 AND max(0, home_line_width - 1))) STRICT, WITHOUT ROWID;"
    "INSERT INTO raw_shared SELECT segment, offset, length, 0, 0, 0,"
    " home_segment, home_offset, length, 0, 0, 0 FROM raw_shared_19;"
    "DROP TABLE raw_shared_19;"
    "CREATE INDEX raw_shared_by_home ON raw_shared (home_segment, home_offset);"
    "DELETE FROM attachment_home;"
    "INSERT OR IGNORE INTO sharing_pending SELECT r.inbox, r.attachment, 0"
    " FROM attachment_arrival r JOIN attachment a ON a.id = r.attachment"
    " JOIN inbox i ON i.id = r.inbox"
    " WHERE a.size >= 12288 AND r.inbox <> a.first_inbox AND i.length - 16384 >="
    " (SELECT coalesce(sum(s.length), 0) FROM raw_shared s WHERE s.segment = i.segment"
    " AND s.offset >= i.offset AND s.offset < i.offset + i.length);"
    "PRAGMA user_version = 23;";

/* What many decisions say alike is kept once (phrase.h). */
static const char version_24[] =
    "CREATE TABLE phrase (id INTEGER PRIMARY KEY, key INTEGER NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE INDEX phrase_by_key ON phrase (key);"
    "ALTER TABLE decision ADD COLUMN phrases BLOB;"
    "PRAGMA user_version = 24;";

/* When a person had a mail tried anew: attempts are counted from then. What one gave up is no
 * failure that somebody must look at. */
static const char version_25[] =
    "ALTER TABLE outbox ADD COLUMN retried_at INTEGER NOT NULL DEFAULT 0;"
    "UPDATE outbox SET state = 6 WHERE state = 4 AND state <> 2"
    " AND last_reply = 'given up by a person';"
    "PRAGMA user_version = 25;";

static const char *const migrations[] = {
    version_1,  version_2,  version_3,  version_4,  version_5,  version_6,  version_7,
    version_8,  version_9,  version_10, version_11, version_12, version_13, version_14,
    version_15, version_16, version_17, version_18, version_19, version_20, version_21,
    version_22, version_23, version_24, version_25};

static PdStatus *read_version(PdDb *db, gint64 *version)
{
    gint64 application = 0;
    PdQuery *query;

    PD_TRY(pd_db_query(db, "PRAGMA application_id", &query));
    PD_TRY(pd_query_number(query, &application));
    PD_TRY(pd_db_query(db, "PRAGMA user_version", &query));
    PD_TRY(pd_query_number(query, version));
    if (application != APPLICATION_ID && (application != 0 || *version != 0))
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "name another state folder",
                             "the database is not one of Postdesk's");
    if (*version > (gint64)G_N_ELEMENTS(migrations))
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL,
                             "use the newer Postdesk that wrote it, or restore an older backup",
                             "the database has version %" G_GINT64_FORMAT
                             ", this program knows versions up to %zu",
                             *version, G_N_ELEMENTS(migrations));
    return NULL;
}

PdStatus *pd_schema_is_due(PdDb *db, gboolean *due)
{
    gint64 version = 0;

    PD_TRY(read_version(db, &version));
    *due = version < (gint64)G_N_ELEMENTS(migrations);
    return NULL;
}

gboolean pd_schema_is_absent(PdDb *db)
{
    gint64 version = 0;
    g_autoptr(PdStatus) status = read_version(db, &version);

    return status == NULL && version == 0;
}

PdStatus *pd_schema_migrate(PdDb *db)
{
    gint64 version = 0;

    PD_TRY(read_version(db, &version));
    for (gsize i = (gsize)version; i < G_N_ELEMENTS(migrations); i++)
        PD_TRY(pd_db_script(db, migrations[i]));
    return NULL;
}

PdStatus *pd_schema_check(PdDb *db)
{
    gboolean due;

    PD_TRY(pd_schema_is_due(db, &due));
    if (due)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "start 'postdesk run' once to bring it up",
                             "the database is empty or of an older version");
    return NULL;
}
