/* show_print.c: see show.h. */
#include "show.h"

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

void pd_show_print(const PdPrint *print, const PdJson *ticket)
{
    print_head(print, ticket, pd_json_get(ticket, "links"));
    print_undeliverable(print, pd_json_get(ticket, "undeliverable"));
    print_messages(print, pd_json_get(ticket, "messages"));
    print_mails(print, pd_json_get(ticket, "mails"));
    print_gathered(print, pd_json_get(ticket, "gathered"));
    print_events(print, pd_json_get(ticket, "events"));
}
