/* fixture.c: see fixture.h. */
#include "fixture.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "store/store_internal.h"
#include <glib/gstdio.h>
#include <string.h>

#define CONFIG                                                                                     \
    "desk: {name: 服务台, address: desk@example.org, admin: admin@example.net,\n"               \
    "       languages: [zh_CN, en], default_language: zh_CN}\n"                                    \
    "state: state\n"                                                                               \
    "mailboxes: [{name: m, maildir: in, authserv_ids: [mx.example.org]}]\n"                        \
    "relays: [{name: r, maildir: out}]\n"

#define RULES                                                                                      \
    "categories: [network/vpn, other]\n"                                                           \
    "rules:\n"                                                                                     \
    "  - id: vpn\n"                                                                                \
    "    when: {subject: vpn}\n"                                                                   \
    "    then: {category: network/vpn, impact: medium, urgency: high, queue: network,\n"           \
    "           tags: [remote]}\n"                                                                 \
    "  - id: casino\n"                                                                             \
    "    when: {subject: casino}\n"                                                                \
    "    then: {drop: advertising}\n"                                                              \
    "  - id: suspicious\n"                                                                         \
    "    when: {subject: suspicious}\n"                                                            \
    "    then: {quarantine: looks hostile}\n"                                                      \
    "defaults: {category: other, impact: low, urgency: low, queue: desk}\n"

#define MATRIX                                                                                     \
    "matrix:\n"                                                                                    \
    "  high: {high: P1, medium: P2, low: P3}\n"                                                    \
    "  medium: {high: P2, medium: P3, low: P4}\n"                                                  \
    "  low: {high: P3, medium: P4, low: P4}\n"

void ck_ok(PdStatus *status)
{
    if (status != NULL)
        ck_abort_msg("%s", pd_status_text(status));
}

static void write_file(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);

    ck_ok(pd_folder_make(parent, 0700));
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static void show(PdDiagnostics *list)
{
    g_autoptr(PdStatus) status = pd_diagnostics_status(list);

    if (status != NULL)
        ck_abort_msg("%s", pd_status_text(status));
}

static void use_shipped_templates(void)
{
    const char *source = g_getenv("top_srcdir");

    g_setenv("POSTDESK_DATA", source != NULL ? source : ".", TRUE);
}

Fixture *fixture_new(const char *settings)
{
    return fixture_with_people(settings, NULL);
}

Fixture *fixture_with_people(const char *settings, const char *people)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autofree char *config = g_strconcat(CONFIG, settings, NULL);

    use_shipped_templates();
    fixture->folder = g_dir_make_tmp("pd-desk-XXXXXX", NULL);
    write_file(fixture->folder, "postdesk.yaml", config);
    write_file(fixture->folder, "rules/10.yaml", RULES);
    write_file(fixture->folder, "rules/matrix.yaml", MATRIX);
    if (people != NULL)
        write_file(fixture->folder, "rules/people.yaml", people);
    g_autofree char *path = g_build_filename(fixture->folder, "postdesk.yaml", NULL);
    fixture->config = pd_config_load(path, list);
    show(list);
    ck_ok(pd_store_open(fixture->config->state, PD_STORE_CREATE, &fixture->store));
    fixture->desk = pd_desk_new(fixture->config, fixture->store, list);
    show(list);
    ck_assert_ptr_nonnull(fixture->desk);
    return fixture;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_tree(inner);
    }
    g_remove(path);
}

void fixture_free(Fixture *fixture)
{
    pd_desk_free(fixture->desk);
    pd_store_close(fixture->store);
    pd_config_free(fixture->config);
    remove_tree(fixture->folder);
    g_free(fixture->folder);
    g_free(fixture);
}

/* Not by g_strsplit(): under sanitizers strstr() looks at all of the rest for each line, which
 * takes minutes where a mail is large. */
static char *with_crlf(const char *raw)
{
    GString *out = g_string_sized_new(strlen(raw) + 1000);

    for (const char *c = raw; *c != '\0'; c++) {
        if (*c == '\n')
            g_string_append_c(out, '\r');
        g_string_append_c(out, *c);
    }
    return g_string_free(out, FALSE);
}

PdMail *read_raw(const char *raw)
{
    static const char *const own[] = {"desk@example.org", "bounces@example.org", NULL};
    const PdMailOptions options = {.own_addresses = own};
    g_autofree char *bytes = with_crlf(raw);
    PdMail *mail = NULL;

    ck_ok(pd_mail_read_bytes(bytes, strlen(bytes), &options, &mail));
    return mail;
}

static gint64 take_in(Fixture *fixture, PdRawWriter *writer, const char *mailbox, const char *raw,
                      gboolean truncated, gboolean quiet)
{
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();
    g_autofree char *bytes = with_crlf(raw);
    gboolean is_new;

    ck_ok(pd_raw_begin(writer));
    ck_ok(pd_raw_write(writer, bytes, strlen(bytes)));
    ck_ok(pd_raw_end(writer, &row->raw, row->sha256));
    row->mailbox = g_strdup(mailbox);
    row->uid = strchr(mailbox, '/') == NULL ? 0 : ++fixture->last_uid;
    row->arrived_at = pd_clock_now();
    row->truncated = truncated;
    row->quiet = quiet;
    row->full_size = truncated ? (90 << 20) + fixture->truncated_size : strlen(bytes);
    ck_ok(pd_inbox_add(fixture->store, row, &is_new));
    return row->id;
}

gint64 fixture_take_in_row(Fixture *fixture, const char *mailbox, const char *raw,
                           gboolean truncated, gboolean quiet)
{
    g_autoptr(PdRawWriter) writer = NULL;
    gint64 id;

    ck_ok(pd_raw_writer_open(fixture->store, mailbox, &writer));
    ck_ok(pd_store_begin(fixture->store));
    id = take_in(fixture, writer, mailbox, raw, truncated, quiet);
    ck_ok(pd_raw_sync(writer));
    ck_ok(pd_store_commit(fixture->store));
    return id;
}

void fixture_take_in_all(Fixture *fixture, const char *mailbox, const GPtrArray *raws)
{
    g_autoptr(PdRawWriter) writer = NULL;

    ck_ok(pd_raw_writer_open(fixture->store, mailbox, &writer));
    ck_ok(pd_store_begin(fixture->store));
    for (guint i = 0; i < raws->len; i++)
        take_in(fixture, writer, mailbox, g_ptr_array_index(raws, i), FALSE, FALSE);
    ck_ok(pd_raw_sync(writer));
    ck_ok(pd_store_commit(fixture->store));
}

gint64 fixture_take_in(Fixture *fixture, const char *raw)
{
    return fixture_take_in_row(fixture, "inject", raw, FALSE, FALSE);
}

/* What a message costs must not grow with what is stored: nothing on its way looks at all rows of a
 * table. */
static void ck_nothing_scans(Fixture *fixture)
{
    const char *scanning = pd_db_scanning(fixture->store->db);

    ck_assert_msg(scanning == NULL, "a whole table is gone through: %s", scanning);
}

PdProcessed fixture_process(Fixture *fixture)
{
    g_autoptr(GPtrArray) rows = NULL;
    PdProcessed done;

    pd_db_scanning(fixture->store->db); /* what tests ask for themselves may scan */
    ck_ok(pd_inbox_between(fixture->store, 0, G_MAXINT64, 1000, &rows));
    ck_ok(pd_desk_process(fixture->desk, rows, NULL, NULL, &done));
    ck_nothing_scans(fixture);
    return done;
}

PdInboxRow *fixture_send(Fixture *fixture, const char *raw)
{
    gint64 id = fixture_take_in(fixture, raw);
    PdInboxRow *row = NULL;

    fixture_process(fixture);
    ck_ok(pd_inbox_get(fixture->store, id, &row));
    return row;
}

PdTicket *fixture_ticket(Fixture *fixture, gint64 number)
{
    PdTicket *ticket = NULL;

    ck_ok(pd_ticket_get(fixture->store, number, &ticket));
    ck_assert_ptr_nonnull(ticket);
    return ticket;
}

GPtrArray *fixture_outbox(Fixture *fixture)
{
    GPtrArray *rows = NULL;

    ck_ok(pd_outbox_list(fixture->store, -1, 0, 100, &rows));
    return rows;
}

PdMail *fixture_last_mail(Fixture *fixture, PdOutboxRow **row)
{
    g_autoptr(GPtrArray) rows = fixture_outbox(fixture);
    g_autoptr(PdOutboxRow) full = NULL;
    PdMail *mail = NULL;
    gsize length;

    ck_assert_uint_gt(rows->len, 0);
    const PdOutboxRow *newest = g_ptr_array_index(rows, 0);
    ck_ok(pd_outbox_get(fixture->store, newest->id, &full));
    const char *bytes = g_bytes_get_data(full->mail, &length);
    const PdMailOptions options = {.with_html = TRUE};
    ck_ok(pd_mail_read_bytes(bytes, length, &options, &mail));
    if (row != NULL)
        *row = g_steal_pointer(&full);
    return mail;
}

char *fixture_events(Fixture *fixture, gint64 number)
{
    g_autoptr(GPtrArray) events = NULL;
    GString *kinds = g_string_new(NULL);

    ck_ok(pd_ticket_events(fixture->store, number, &events));
    for (guint i = 0; i < events->len; i++) {
        const PdEvent *event = g_ptr_array_index(events, i);
        g_string_append_printf(kinds, "%s%s", i > 0 ? " " : "", event->kind);
    }
    return g_string_free(kinds, FALSE);
}

PdJson *fixture_decision(Fixture *fixture, gint64 inbox)
{
    g_autofree char *line = NULL;
    PdJson *decision = NULL;

    ck_ok(pd_decision_get(fixture->store, inbox, &line));
    ck_assert_ptr_nonnull(line);
    ck_ok(pd_json_parse(line, strlen(line), &decision));
    return decision;
}

gint64 fixture_alarms(Fixture *fixture, const char *kind)
{
    g_autoptr(GPtrArray) alarms = NULL;
    gint64 count = 0;

    ck_ok(pd_store_alarms(fixture->store, 0, &alarms));
    for (guint i = 0; i < alarms->len; i++) {
        const PdAlarm *alarm = g_ptr_array_index(alarms, i);
        if (strcmp(alarm->kind, kind) == 0)
            count += alarm->count;
    }
    return count;
}
