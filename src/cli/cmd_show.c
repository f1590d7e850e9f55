/* cmd_show.c: show: one ticket with its messages, mails and events; or its attachments as files. */
#include "cli.h"

#include "documents.h"
#include "postdesk/inbox.h"
#include "postdesk/mail.h"
#include "postdesk/outbox.h"
#include "postdesk/tickets.h"
#include "save.h"
#include "signature.h"
#include <stdio.h>
#include <string.h>

typedef PdJson *(*Document)(gconstpointer record, gboolean exact);

static PdJson *documents(const GPtrArray *records, Document document, gboolean exact)
{
    PdJson *array = pd_json_array();

    for (guint i = 0; i < records->len; i++)
        pd_json_add(array, document(g_ptr_array_index(records, i), exact));
    return array;
}

static PdJson *message_document(gconstpointer record, gboolean exact)
{
    return pd_document_message(record, exact);
}

static PdJson *event_document(gconstpointer record, gboolean exact)
{
    return pd_document_event(record, exact);
}

static PdJson *mail_document(gconstpointer record, gboolean exact)
{
    return pd_document_mail(record, exact);
}

static PdJson *pending_document(gconstpointer record, gboolean exact)
{
    return pd_document_pending(record, exact);
}

/* The decision on the first message, with what was concluded then. */
static PdStatus *add_decision(PdCli *cli, PdJson *document, const GPtrArray *messages)
{
    g_autofree char *text = NULL;
    PdJson *decision = NULL;

    if (messages->len == 0)
        return NULL;
    const PdStoredMessage *first = g_ptr_array_index(messages, 0);
    PD_TRY(pd_decision_get(cli->store, first->inbox, &text));
    if (text == NULL)
        return NULL;
    PD_TRY(pd_json_parse(text, strlen(text), &decision));
    pd_json_set(document, "decision", decision);
    return NULL;
}

static PdStatus *get_ticket(PdCli *cli, gint64 number, PdTicket **ticket)
{
    PD_TRY(pd_ticket_get(cli->store, number, ticket));
    if (*ticket == NULL)
        return pd_status_new(PD_SPOILS_USAGE, PD_FINAL, "postdesk list --all shows all tickets",
                             "there is no ticket #%" G_GINT64_FORMAT, number);
    return NULL;
}

/* The addresses of the ticket that mail did not reach, the latest word on each. */
static gint compare_numbers(gconstpointer one, gconstpointer other)
{
    gint64 a = *(const gint64 *)one, b = *(const gint64 *)other;

    return a < b ? -1 : a > b;
}

/* The links that hold, by what the events say of them: [{kind, ticket}]. */
static PdJson *links_of(const PdJson *events)
{
    g_autoptr(GHashTable) kinds = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GList) tickets = NULL;
    PdJson *links = pd_json_array();

    for (gsize i = 0; i < pd_json_length(events); i++) {
        const PdJson *data = pd_json_get(pd_json_at(events, i), "data");
        const PdJson *on = pd_json_get(data, "links"), *off = pd_json_get(data, "unlinks");
        for (gsize k = 0; k < pd_json_length(on); k++) {
            gint64 ticket = pd_json_get_int(pd_json_at(on, k), "ticket", 0);
            g_hash_table_replace(kinds, g_memdup2(&ticket, sizeof ticket),
                                 (gpointer)pd_json_get_text(pd_json_at(on, k), "kind"));
        }
        for (gsize k = 0; k < pd_json_length(off); k++) {
            gint64 ticket = pd_json_get_int(pd_json_at(off, k), "ticket", 0);
            g_hash_table_remove(kinds, &ticket);
        }
    }
    tickets = g_list_sort(g_hash_table_get_keys(kinds), compare_numbers);
    for (const GList *one = tickets; one != NULL; one = one->next) {
        PdJson *link =
            pd_json_set_text(pd_json_object(), "kind", g_hash_table_lookup(kinds, one->data));
        pd_json_add(links, pd_json_set_int(link, "ticket", *(const gint64 *)one->data));
    }
    return links;
}

/* How satisfied the reporter is, by his last word; null if he did not say. */
static void add_rating(PdJson *document, const PdJson *events)
{
    gint64 rating = 0;

    for (gsize i = 0; i < pd_json_length(events); i++)
        rating = pd_json_get_int(pd_json_get(pd_json_at(events, i), "data"), "rating", rating);
    if (rating != 0)
        pd_json_set_int(document, "rating", rating);
    else
        pd_json_set_text(document, "rating", NULL);
}

static PdJson *undeliverable(const PdJson *events)
{
    PdJson *list = pd_json_object();

    for (gsize i = 0; i < pd_json_length(events); i++) {
        PdJson *recipients = pd_json_get(pd_json_get(pd_json_at(events, i), "data"), "bounce");
        for (gsize r = 0; r < pd_json_length(recipients); r++) {
            PdJson *one = pd_json_at(recipients, r);
            const char *address = pd_json_get_text(one, "address");
            const char *weight = pd_json_get_text(one, "weight");
            if (address != NULL && weight != NULL && strcmp(weight, "none") != 0)
                pd_json_set(list, address, pd_json_ref(one));
        }
    }
    return list;
}

static PdStatus *make_document(PdCli *cli, gint64 number, PdJson **document)
{
    gboolean exact = cli->print.json;
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(GPtrArray) messages = NULL, events = NULL, mails = NULL, participants = NULL;
    g_autoptr(GPtrArray) pending = NULL;

    PD_TRY(get_ticket(cli, number, &ticket));
    PD_TRY(pd_message_of_ticket(cli->store, number, &messages));
    PD_TRY(pd_ticket_events(cli->store, number, &events));
    PD_TRY(pd_outbox_list(cli->store, -1, number, 1000, &mails));
    PD_TRY(pd_pending_list(cli->store, number, 1000, &pending));
    PD_TRY(pd_ticket_participants(cli->store, number, &participants));
    *document = pd_document_ticket(ticket, exact);
    PdJson *addresses = pd_json_array();
    for (guint i = 0; i < participants->len; i++)
        pd_json_add_text(addresses, g_ptr_array_index(participants, i));
    pd_json_set(*document, "participants", addresses);
    PdJson *shown = documents(messages, message_document, exact);
    pd_json_set(*document, "messages", shown);
    PD_TRY(pd_signature_mark(cli->store, shown));
    pd_json_set(*document, "mails", documents(mails, mail_document, exact));
    pd_json_set(*document, "gathered", documents(pending, pending_document, exact));
    PdJson *list = documents(events, event_document, exact);
    pd_json_set(*document, "undeliverable", undeliverable(list));
    pd_json_set(*document, "events", list);
    pd_json_set(*document, "links", links_of(list));
    add_rating(*document, list);
    return add_decision(cli, *document, messages);
}

static void print_undeliverable(const PdPrint *print, const PdJson *list)
{
    g_autofree const char **addresses = pd_json_keys(list);

    for (guint i = 0; addresses[i] != NULL; i++) {
        const PdJson *one = pd_json_get(list, addresses[i]);
        const char *diagnostic = pd_json_get_text(one, "diagnostic");
        g_autofree char *text =
            g_strdup_printf("%s (%s) %s", addresses[i], pd_json_get_text(one, "weight"),
                            diagnostic != NULL ? diagnostic : "");
        pd_print_field(print, i == 0 ? "Not reached" : "", text);
    }
}

static void print_custom(const PdPrint *print, const PdJson *custom)
{
    g_autofree const char **names = pd_json_keys(custom);

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *text =
            g_strdup_printf("%s = %s", names[i], pd_json_get_text(custom, names[i]));
        pd_print_field(print, i == 0 ? "Fields" : "", text);
    }
}

static void print_tags(const PdPrint *print, const PdJson *tags)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (gsize i = 0; i < pd_json_length(tags); i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", pd_json_string(pd_json_at(tags, i)));
    if (text->len > 0)
        pd_print_field(print, "Tags", text->str);
}

static void print_links(const PdPrint *print, const PdJson *links)
{
    for (gsize i = 0; i < pd_json_length(links); i++) {
        const PdJson *link = pd_json_at(links, i);
        g_autofree char *text =
            g_strdup_printf("%s #%" G_GINT64_FORMAT, pd_json_get_text(link, "kind"),
                            pd_json_get_int(link, "ticket", 0));
        pd_print_field(print, i == 0 ? "Links" : "", text);
    }
}

static void print_rating(const PdPrint *print, gint64 rating)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT " of 5", rating);

    if (rating != 0)
        pd_print_field(print, "Rated", text);
}

static gboolean is_linked(const PdJson *links, gint64 other)
{
    for (gsize i = 0; i < pd_json_length(links); i++) {
        if (pd_json_get_int(pd_json_at(links, i), "ticket", 0) == other)
            return TRUE;
    }
    return FALSE;
}

static void print_head(const PdPrint *print, const PdJson *ticket, const PdJson *links)
{
    static const struct {
        const char *label, *key;
    } fields[] = {
        {"Status", "status"},      {"Category", "category"},      {"Priority", "priority"},
        {"Impact", "impact"},      {"Urgency", "urgency"},        {"Queue", "queue"},
        {"Assignee", "assignee"},  {"Department", "department"},  {"Opened", "created_at"},
        {"Updated", "updated_at"}, {"Respond by", "respond_due"}, {"Resolve by", "resolve_due"},
    };
    const PdJson *reporter = pd_json_get(ticket, "reporter");
    const char *name = pd_json_get_text(reporter, "name");
    const char *address = pd_json_get_text(reporter, "address");
    gboolean has_name = name != NULL && name[0] != '\0';
    gboolean has_address = address != NULL && address[0] != '\0'; /* a caller may have none */
    g_autofree char *from = has_name && has_address ? g_strdup_printf("%s <%s>", name, address)
                                                    : g_strdup(has_name ? name : address);
    gint64 link = pd_json_get_int(ticket, "suggested_link", 0);

    pd_print_heading(print, "#%" G_GINT64_FORMAT "  %s", pd_json_get_int(ticket, "number", 0),
                     pd_json_get_text(ticket, "subject"));
    pd_print_field(print, "From", from);
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        pd_print_field(print, fields[i].label, pd_json_get_text(ticket, fields[i].key));
    print_tags(print, pd_json_get(ticket, "tags"));
    print_custom(print, pd_json_get(ticket, "fields"));
    print_links(print, links);
    print_rating(print, pd_json_get_int(ticket, "rating", 0));
    if (link > 0 && !is_linked(links, link)) {
        g_autofree char *text = g_strdup_printf("perhaps belongs to #%" G_GINT64_FORMAT, link);
        pd_print_field(print, "Link", text);
    }
}

static void print_attachments(const PdPrint *print, const PdJson *attachments)
{
    for (gsize i = 0, listed = 0; i < pd_json_length(attachments); i++) {
        const PdJson *attachment = pd_json_at(attachments, i);
        if (pd_json_get_bool(attachment, "repeated", FALSE))
            continue; /* a signature's logo */
        g_autofree char *size = g_format_size((guint64)pd_json_get_int(attachment, "size", 0));
        gboolean differs = pd_json_get_bool(attachment, "type_differs", FALSE);
        g_autofree char *text =
            g_strdup_printf("%s (%s, %s%s%s)", pd_json_get_text(attachment, "name"),
                            pd_json_get_text(attachment, "type"), size, differs ? ", but is " : "",
                            differs ? pd_json_get_text(attachment, "found_type") : "");
        pd_print_field(print, listed++ == 0 ? "  Attached" : "", text);
    }
}

static void print_messages(const PdPrint *print, const PdJson *messages)
{
    for (gsize i = 0; i < pd_json_length(messages); i++) {
        const PdJson *message = pd_json_at(messages, i);
        const PdJson *from = pd_json_get(message, "from");
        const char *address = pd_json_get_text(from, "address");
        pd_print_heading(print, "\n%s  %s  (message %" G_GINT64_FORMAT ")",
                         pd_json_get_text(message, "date") != NULL
                             ? pd_json_get_text(message, "date")
                             : "no date",
                         address[0] != '\0' ? address : pd_json_get_text(from, "name"),
                         pd_json_get_int(message, "message", 0));
        pd_print_text(pd_json_get_text(message, "text"), "  ");
        print_attachments(print, pd_json_get(message, "attachments"));
    }
}

static void print_mails(const PdPrint *print, const PdJson *mails)
{
    if (pd_json_length(mails) > 0)
        pd_print_heading(print, "\nMails");
    for (gsize i = pd_json_length(mails); i > 0; i--) {
        const PdJson *mail = pd_json_at(mails, i - 1);
        pd_print_line(print, "  %s  %-8s %s to %s", pd_json_get_text(mail, "created_at"),
                      pd_json_get_text(mail, "state"), pd_json_get_text(mail, "purpose"),
                      pd_json_get_text(mail, "recipient"));
    }
}

static void print_gathered(const PdPrint *print, const PdJson *gathered)
{
    if (pd_json_length(gathered) > 0)
        pd_print_heading(print, "\nTo be told later");
    for (gsize i = 0; i < pd_json_length(gathered); i++) {
        const PdJson *row = pd_json_at(gathered, i);
        pd_print_line(print, "  %s  %s to %s: %s", pd_json_get_text(row, "due_at"),
                      pd_json_get_text(row, "purpose"), pd_json_get_text(row, "recipient"),
                      pd_json_get_text(row, "why"));
    }
}

static void add_word(GString *text, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add_word(GString *text, const char *format, ...)
{
    va_list arguments;

    if (text->len > 0)
        g_string_append_c(text, ' ');
    va_start(arguments, format);
    g_string_append_vprintf(text, format, arguments);
    va_end(arguments);
}

/* "+tag -tag field.asset=PC-1 blocks #3 ann@example.org:watches into #2" */
static void add_further(GString *text, const PdJson *data)
{
    const PdJson *lists[] = {pd_json_get(data, "tags"), pd_json_get(data, "untags")};
    const PdJson *fields = pd_json_get(data, "fields");
    const PdJson *parts = pd_json_get(data, "parts");
    const PdJson *links = pd_json_get(data, "links");
    g_autofree const char **names = pd_json_keys(fields != NULL ? fields : data);
    g_autofree const char **people = pd_json_keys(parts != NULL ? parts : data);

    for (gsize list = 0; list < G_N_ELEMENTS(lists); list++)
        for (gsize i = 0; i < pd_json_length(lists[list]); i++)
            add_word(text, "%c%s", list == 0 ? '+' : '-',
                     pd_json_string(pd_json_at(lists[list], i)));
    for (guint i = 0; fields != NULL && names[i] != NULL; i++) {
        const char *value = pd_json_get_text(fields, names[i]);
        add_word(text, "field.%s=%s", names[i], value != NULL ? value : "");
    }
    for (gsize i = 0; i < pd_json_length(links); i++)
        add_word(text, "%s #%" G_GINT64_FORMAT, pd_json_get_text(pd_json_at(links, i), "kind"),
                 pd_json_get_int(pd_json_at(links, i), "ticket", 0));
    for (guint i = 0; parts != NULL && people[i] != NULL; i++) {
        const char *part = pd_json_get_text(parts, people[i]);
        add_word(text, "%s:%s", people[i], part != NULL && part[0] != '\0' ? part : "follows");
    }
    if (pd_json_get_int(data, "into", 0) != 0)
        add_word(text, "into #%" G_GINT64_FORMAT, pd_json_get_int(data, "into", 0));
    if (pd_json_get_int(data, "from", 0) != 0)
        add_word(text, "from #%" G_GINT64_FORMAT, pd_json_get_int(data, "from", 0));
    if (pd_json_get_int(data, "rating", 0) != 0)
        add_word(text, "rated %" G_GINT64_FORMAT, pd_json_get_int(data, "rating", 0));
    if (pd_json_get_int(data, "bulk", 0) != 0)
        add_word(text, "(bulk %" G_GINT64_FORMAT ")", pd_json_get_int(data, "bulk", 0));
}

/* "status=open priority=P1"; what stands above in the ticket's head is not said again. */
static char *changes_text(const PdJson *data)
{
    const PdJson *set = pd_json_get(data, "set");
    static const char *const in_head[] = {"subject", "reporter", "reporter_name", "language", NULL};
    g_autofree const char **keys = set != NULL ? pd_json_keys(set) : g_new0(const char *, 1);
    g_autoptr(GString) text = g_string_new(NULL);

    for (const char **key = keys; *key != NULL; key++) {
        const char *value = pd_json_get_text(set, *key);
        if (value != NULL && (keys[1] == NULL || !g_strv_contains(in_head, *key)))
            add_word(text, "%s=%s", *key, value);
    }
    add_further(text, data);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void print_events(const PdPrint *print, const PdJson *events)
{
    pd_print_heading(print, "\nEvents");
    for (gsize i = 0; i < pd_json_length(events); i++) {
        const PdJson *event = pd_json_at(events, i);
        const PdJson *data = pd_json_get(event, "data");
        const char *note = pd_json_get_text(data, "note");
        g_autofree char *changes = changes_text(data);
        g_autofree char *line = g_strdup_printf(
            "  %s  %-8s by %s  %s%s%s", pd_json_get_text(event, "at"),
            pd_json_get_text(event, "kind"), pd_json_get_text(event, "actor"), changes,
            *changes != '\0' && note != NULL ? "; " : "", note != NULL ? note : "");
        pd_print_line(print, "%s", g_strchomp(line));
    }
}

/* Reads a message again from its raw bytes, its attachments going to the folder. */
static PdStatus *save_message(PdCli *cli, gint64 inbox, PdSave *save)
{
    g_autoptr(PdInboxRow) row = NULL;
    g_autoptr(PdMail) mail = NULL;
    PdMailOptions options;
    int fd;

    PD_TRY(pd_inbox_get(cli->store, inbox, &row));
    if (row == NULL)
        return NULL;
    PD_TRY(pd_raw_open(cli->store, &row->raw, &fd));
    pd_desk_mail_options(cli->config, row->mailbox, &options);
    options.truncated = row->truncated;
    options.attachment_sink = pd_save_attachment;
    options.sink_user = save;
    PdStatus *status =
        pd_mail_read(fd, (off_t)row->raw.offset, (gsize)row->raw.length, &options, &mail);
    pd_raw_close(cli->store);
    pd_desk_mail_options_clear(&options);
    return status != NULL ? status : pd_save_failure(save);
}

static void print_saved(const PdCli *cli, PdSave *save, const char *folder)
{
    PdJson *files = pd_save_files(save);

    if (cli->print.json) {
        g_autoptr(PdJson) document = pd_json_object();
        pd_json_set_text(document, "folder", folder);
        pd_json_set(document, "files", pd_json_ref(files));
        pd_print_json(document);
        return;
    }
    for (gsize i = 0; i < pd_json_length(files); i++) {
        const PdJson *file = pd_json_at(files, i);
        pd_print_line(&cli->print, "%s/%s%s", folder, pd_json_get_text(file, "file"),
                      pd_json_get_bool(file, "new", TRUE) ? "" : "  (was there)");
    }
    if (pd_json_length(files) == 0)
        pd_print_line(&cli->print, "no attachments");
}

static PdStatus *save_attachments(PdCli *cli, gint64 number, const char *folder)
{
    g_autoptr(GPtrArray) messages = NULL;
    g_autoptr(PdTicket) ticket = NULL;
    g_autoptr(PdSave) save = NULL;

    PD_TRY(get_ticket(cli, number, &ticket));
    PD_TRY(pd_message_of_ticket(cli->store, number, &messages));
    PD_TRY(pd_save_open(folder, &save));
    for (guint i = 0; i < messages->len; i++) {
        const PdStoredMessage *message = g_ptr_array_index(messages, i);
        PD_TRY(save_message(cli, message->inbox, save));
    }
    print_saved(cli, save, folder);
    return NULL;
}

PdStatus *pd_cmd_show(PdCli *cli)
{
    g_autoptr(PdJson) document = NULL;
    g_autofree char *folder = NULL;
    gint64 number = 0;
    const GOptionEntry entries[] = {
        {"attachments", 0, 0, G_OPTION_ARG_FILENAME, &folder, "Write its files there", "DIR"},
        G_OPTION_ENTRY_NULL,
    };

    PD_TRY(pd_cli_options(cli, entries));
    PD_TRY(pd_cli_number(cli, 0, "ticket", &number));
    PD_TRY(pd_cli_store(cli, PD_STORE_READ));
    if (folder != NULL)
        return save_attachments(cli, number, folder);
    PD_TRY(make_document(cli, number, &document));
    if (cli->print.json) {
        pd_print_json(document);
        return NULL;
    }
    print_head(&cli->print, document, pd_json_get(document, "links"));
    print_undeliverable(&cli->print, pd_json_get(document, "undeliverable"));
    print_messages(&cli->print, pd_json_get(document, "messages"));
    print_mails(&cli->print, pd_json_get(document, "mails"));
    print_gathered(&cli->print, pd_json_get(document, "gathered"));
    print_events(&cli->print, pd_json_get(document, "events"));
    return NULL;
}
