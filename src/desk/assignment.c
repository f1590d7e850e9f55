/* assignment.c: see assignment.h. The first messages stand in it whole, as far as a mail may be
 * long; later ones by their beginnings. */
#include "desk/assignment.h"

#include "desk/authority.h"
#include "desk/change.h"
#include "desk/command.h"
#include "desk/handed.h"
#include "desk/mailread.h"
#include "desk/similar.h"
#include "desk/values.h"
#include "postdesk/log.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_MESSAGES 8
#define WIDEST_PICTURE 544 /* pixels within the card of a mail */
#define MOST_ATTACHMENTS 40

typedef struct {
    PdDesk *desk;
    const char *language;
    const PdTicket *ticket;
    const PdAhead *ahead;
    gboolean with_files;
    PdPictures *read; /* of messages that were read again */
    GHashTable *seen; /* SHA-256 of each picture that is shown, and each file that is enclosed */
    PdJson *files;
    GPtrArray *digests; /* SHA-256 of each of them, in hex */
    GPtrArray *enclosures;
    gsize size; /* of them */
} Making;

static PdStatus *get_picture(const Making *making, gint64 inbox, const char *hex, const char **type,
                             GBytes **bytes)
{
    const PdPictures *ahead = making->ahead != NULL ? making->ahead->pictures : NULL;

    *bytes = pd_pictures_get(ahead, hex, type);
    if (*bytes == NULL)
        *bytes = pd_pictures_get(making->read, hex, type);
    if (*bytes != NULL)
        return NULL;
    PD_TRY(pd_mail_pass_over_lost("message-not-told",
                                  pd_pictures_read(making->desk, inbox, making->read)));
    *bytes = pd_pictures_get(making->read, hex, type);
    return NULL;
}

static void enclose(Making *making, const char *hex, const char *type, GBytes *bytes)
{
    PdEnclosure *enclosure = g_new0(PdEnclosure, 1);

    enclosure->content_id = g_strdup_printf("%.24s@%s", hex, making->desk->domain);
    enclosure->type = g_strdup(type);
    enclosure->name =
        g_strdup_printf("picture-%u.%s", making->enclosures->len + 1, type + strlen("image/"));
    enclosure->bytes = g_bytes_ref(bytes);
    making->size += g_bytes_get_size(bytes);
    g_ptr_array_add(making->enclosures, enclosure);
}

static void add_picture(Making *making, PdJson *shown, const PdJson *attachment)
{
    const PdEnclosure *enclosure =
        g_ptr_array_index(making->enclosures, making->enclosures->len - 1);
    g_autofree char *source = g_strconcat("cid:", enclosure->content_id, NULL);
    PdJson *picture = pd_json_object();
    guint width = MIN(pd_picture_width(enclosure->bytes), WIDEST_PICTURE);
    g_autofree char *pixels = g_strdup_printf("%u", width);

    pd_json_set_text(picture, "source", source);
    pd_values_set_clean(picture, "name", pd_json_get_text(attachment, "name"));
    pd_json_set_text(picture, "width", width > 0 ? pixels : NULL);
    pd_json_add(shown, picture);
}

/* *is_shown: it stands in the mail as a picture, now or with an earlier message. */
static PdStatus *try_picture(Making *making, const PdStoredMessage *message,
                             const PdJson *attachment, PdJson *shown, gboolean *is_shown)
{
    const char *hex = pd_json_get_text(attachment, "sha256");
    gint64 size = pd_json_get_int(attachment, "size", 0);
    const char *type = NULL;
    GBytes *bytes = NULL;

    *is_shown = hex != NULL && g_hash_table_contains(making->seen, hex);
    if (*is_shown || making->enclosures->len >= PD_PICTURES_MOST || size > PD_PICTURE_MOST_BYTES ||
        making->size + (gsize)size > PD_PICTURES_MOST_BYTES)
        return NULL;
    PD_TRY(pd_picture_is_worth(making->desk, message, attachment, is_shown));
    if (!*is_shown)
        return NULL;
    PD_TRY(get_picture(making, message->inbox, hex, &type, &bytes));
    *is_shown = bytes != NULL;
    if (bytes == NULL)
        return NULL;
    enclose(making, hex, type, bytes);
    add_picture(making, shown, attachment);
    g_hash_table_add(making->seen, g_strdup(hex));
    return NULL;
}

static PdJson *file_entry(const PdJson *attachment)
{
    PdJson *entry = pd_json_object();
    guint64 size = (guint64)pd_json_get_int(attachment, "size", 0);

    pd_values_set_clean(entry, "name", pd_json_get_text(attachment, "name"));
    pd_values_set_size(entry, "size", size);
    return pd_json_set_bool(entry, "is_news",
                            pd_handed_is_news(pd_json_get_text(attachment, "type"),
                                              pd_json_get_bool(attachment, "inline", FALSE), size));
}

/* Each stands in the list of files; pictures with their message as well. */
static PdStatus *add_attachments(Making *making, const PdStoredMessage *message, PdJson *shown)
{
    g_autoptr(PdJson) attached = NULL;

    if (message->attachments == NULL)
        return NULL;
    PD_TRY(pd_json_parse(message->attachments, strlen(message->attachments), &attached));
    for (gsize i = 0;
         i < pd_json_length(attached) && pd_json_length(making->files) < MOST_ATTACHMENTS; i++) {
        const PdJson *one = pd_json_at(attached, i);
        PdJson *entry = file_entry(one);
        gboolean is_shown = FALSE;
        pd_json_add(making->files, entry);
        g_ptr_array_add(making->digests, g_strdup(pd_json_get_text(one, "sha256")));
        if (shown != NULL)
            PD_TRY(try_picture(making, message, one, shown, &is_shown));
        pd_json_set_bool(entry, "is_shown", is_shown);
    }
    return NULL;
}

/* What stands behind these is words, which somebody may have to read. */
static gboolean says_something(const PdCommand *command)
{
    switch (command->row != NULL ? command->row->id : PD_COMMANDS) {
    case PD_COMMAND_ASSIGN:
    case PD_COMMAND_PRIORITY:
    case PD_COMMAND_CATEGORY:
    case PD_COMMAND_QUEUE:
    case PD_COMMAND_DUE:
    case PD_COMMAND_TAG:
    case PD_COMMAND_WATCH:
    case PD_COMMAND_UNWATCH:
    case PD_COMMAND_HELP:
        return FALSE;
    default:
        return command->argument[0] != '\0';
    }
}

/* "/assign Li", of the desk: what it did shows, and it reports nothing. */
static gboolean is_mere_command(const PdDesk *desk, const PdStoredMessage *message)
{
    PdRank rank = message->from != NULL
                      ? pd_rank_of_role(pd_people_look_up(desk->people, message->from).role)
                      : 0;
    g_autoptr(PdCommands) commands = pd_commands_parse(message->text != NULL ? message->text : "");
    gboolean mere = commands->list->len > 0 && commands->rest[0] == '\0' &&
                    commands->inside[0] == '\0' && (rank & PD_RANK_DESK) != 0;

    for (guint i = 0; mere && i < commands->list->len; i++)
        mere = !says_something(g_ptr_array_index(commands->list, i));
    return mere;
}

/* As he calls himself in the mail, or as people.yaml does. */
static const char *name_of(const PdDesk *desk, const PdStoredMessage *message)
{
    const char *known =
        message->from != NULL ? pd_people_look_up(desk->people, message->from).name : NULL;

    if (message->from_name != NULL && message->from_name[0] != '\0')
        return message->from_name;
    return known != NULL ? known : message->from;
}

static PdStatus *add_message(Making *making, PdJson *list, const PdStoredMessage *message)
{
    PdJson *entry = pd_json_object();
    PdJson *shown = pd_json_array();
    const char *name = name_of(making->desk, message);

    pd_json_add(list, entry);
    pd_values_set_clean(entry, "from", name != NULL ? name : "");
    pd_values_set_time(making->desk, entry, "date", message->date);
    pd_json_set(entry, "lines", pd_values_lines(message->text != NULL ? message->text : "", NULL));
    pd_json_set(entry, "pictures", shown);
    return add_attachments(making, message, shown);
}

static PdStatus *add_messages(Making *making, const GPtrArray *messages, PdJson *values)
{
    PdJson *list = pd_json_array();

    pd_json_set(values, "messages", list);
    making->files = pd_json_array();
    pd_json_set(values, "files", making->files);
    for (guint i = 0; i < messages->len; i++) {
        const PdStoredMessage *message = g_ptr_array_index(messages, i);
        gboolean is_shown =
            i == 0 || (i < MOST_MESSAGES && !is_mere_command(making->desk, message));
        PD_TRY(is_shown ? add_message(making, list, message)
                        : add_attachments(making, message, NULL));
    }
    pd_json_set_bool(values, "has_files", pd_json_length(making->files) > 0);
    return NULL;
}

/* "Category: Network / VPN (vpn)": which rule said what, in the reader's words; what was changed
 * since is called that, with what it is now. */
static void add_reason(const Making *making, PdJson *lines, const char *field, const PdJson *said)
{
    const PdTemplates *templates = making->desk->templates;
    const char *name = pd_templates_find_word(templates, making->language, "fields", field);
    const char *value = pd_json_get_text(said, "value");
    const char *by = pd_json_get_text(said, "by");

    if (value == NULL || by == NULL)
        return;
    const char *present = pd_change_field(making->ticket, field);
    if (present[0] != '\0' && strcmp(present, value) != 0) {
        value = present;
        by = "change";
    }
    const char *word = strcmp(field, "priority") == 0
                           ? value
                           : pd_values_word(making->desk, making->language, field, value);
    gboolean chinese = g_str_has_prefix(making->language, "zh");
    g_autofree char *key = g_strconcat("by_", by, NULL);
    const char *way = pd_templates_find_word(templates, making->language, "labels", key);
    g_autofree char *line =
        g_strdup_printf(chinese ? "%s：%s（%s）" : "%s: %s (%s)", name != NULL ? name : field, word,
                        way != NULL ? way : by);
    pd_json_add_text(lines, line);
}

/* A mail that does not tell why is better than none: a decision that cannot be read stays so. NULL:
 * there is none to tell. */
static char *stored_decision(const Making *making, gint64 inbox)
{
    char *text = NULL;
    g_autoptr(PdStatus) status = pd_decision_get(making->desk->store, inbox, &text);

    if (status != NULL)
        pd_log_status(PD_LOG_WARNING, "decision-not-told", NULL, status);
    return text;
}

static PdStatus *add_why(const Making *making, const GPtrArray *messages, PdJson *values)
{
    PdJson *lines = pd_json_array();
    g_autoptr(PdJson) decision = NULL;

    pd_json_set(values, "why", lines);
    if (messages->len == 0)
        return NULL;
    const PdStoredMessage *first = g_ptr_array_index(messages, 0);
    g_autofree char *text = stored_decision(making, first->inbox);
    if (text == NULL)
        return NULL;
    PD_TRY(pd_json_parse(text, strlen(text), &decision));
    const PdJson *fields = pd_json_get(pd_json_get(decision, "rules"), "fields");
    if (!pd_json_is_object(fields))
        return NULL;
    g_autofree const char **names = pd_json_keys(fields);
    for (guint i = 0; names[i] != NULL; i++)
        add_reason(making, lines, names[i], pd_json_get(fields, names[i]));
    return NULL;
}

static void add_reporter(const PdDesk *desk, const PdTicket *ticket, PdJson *values)
{
    const PdWho who = pd_people_look_up(desk->people, ticket->reporter);
    const char *phone = who.person != NULL ? who.person->phone : NULL;

    pd_values_set_clean(values, "requester", ticket->reporter_name);
    pd_values_set_clean(values, "requester_address", ticket->reporter);
    pd_values_set_clean(values, "requester_department", ticket->department);
    pd_values_set_clean(values, "requester_phone", phone);
}

static gboolean is_enclosed(const Making *making, gsize file)
{
    const char *hex = g_ptr_array_index(making->digests, file);

    return hex != NULL && g_hash_table_contains(making->seen, hex);
}

/* What was sent, in the mail itself, as far as a mail may be large; what stays out says so. */
static PdStatus *enclose_files(Making *making, const GPtrArray *messages)
{
    for (guint i = 0; i < messages->len; i++)
        PD_TRY(pd_handed_read_new(making->desk, g_ptr_array_index(messages, i), making->seen,
                                  making->enclosures));
    for (gsize i = 0; i < pd_json_length(making->files); i++)
        pd_json_set_bool(pd_json_at(making->files, i), "is_left_out", !is_enclosed(making, i));
    return NULL;
}

void pd_assignment_clear(PdAssignment *assignment)
{
    g_clear_pointer(&assignment->values, pd_json_free);
    g_clear_pointer(&assignment->enclosures, g_ptr_array_unref);
}

static PdStatus *make(Making *making, PdJson *values)
{
    PdDesk *desk = making->desk;
    const PdTicket *ticket = making->ticket;
    const GArray *similar = making->ahead != NULL ? making->ahead->similar : NULL;
    g_autoptr(GPtrArray) messages = NULL;

    add_reporter(desk, ticket, values);
    PD_TRY(pd_message_of_ticket(desk->store, ticket->number, &messages));
    PD_TRY(add_messages(making, messages, values));
    if (making->with_files)
        PD_TRY(enclose_files(making, messages));
    PD_TRY(add_why(making, messages, values));
    pd_json_set_bool(values, "has_why", pd_json_length(pd_json_get(values, "why")) > 0);
    PD_TRY(pd_earlier_add(desk, making->language, ticket, values));
    return pd_similar_add(desk, making->language, ticket, messages, similar, values);
}

PdStatus *pd_assignment_add_files(const PdStoredMessage *message, PdJson *list)
{
    g_autoptr(PdJson) attached = NULL;

    if (message->attachments == NULL)
        return NULL;
    PD_TRY(pd_json_parse(message->attachments, strlen(message->attachments), &attached));
    for (gsize i = 0; i < pd_json_length(attached) && pd_json_length(list) < MOST_ATTACHMENTS; i++)
        pd_json_add(list, file_entry(pd_json_at(attached, i)));
    return NULL;
}

PdStatus *pd_assignment_make(PdDesk *desk, const char *language, const PdTicket *ticket,
                             const PdAhead *ahead, gboolean with_files, PdAssignment *assignment)
{
    g_autoptr(PdPictures) read = pd_pictures_new();
    g_autoptr(GPtrArray) digests = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Making making = {
        .desk = desk,
        .language = language,
        .ticket = ticket,
        .ahead = ahead,
        .with_files = with_files,
        .read = read,
        .seen = seen,
        .digests = digests,
        .enclosures = g_ptr_array_new_with_free_func((GDestroyNotify)pd_enclosure_free),
    };

    *assignment = (PdAssignment){pd_json_object(), making.enclosures};
    return make(&making, assignment->values);
}
