/* finding.c: see finding.h.
 *
 * What somebody of the desk wrote counts: notes, answers at the command line, and mails. A line
 * that begins with one of the labels below names it, with the lines below that line if it is bare.
 * Where no label names the solution, what was written beside the command that resolved the ticket
 * is it. The newest has it. */
#include "desk/finding.h"

#include "desk/command.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_LINES 400
#define MOST_BYTES 2000 /* of one */

static const char *const causes[] = {"cause", "root cause", "原因", "故障原因", "问题原因", NULL};
static const char *const solutions[] = {"solution", "fix",  "解决",     "解决方法",
                                        "解决办法", "处理", "处理结果", NULL};
static const char *const preventions[] = {"prevention", "预防", "预防措施", "防范措施", NULL};

/* Behind "label:" or "label：", the rest; NULL if the line begins otherwise. */
static const char *behind_label(const char *line, const char *label)
{
    gsize length = strlen(label);

    if (g_ascii_strncasecmp(line, label, length) != 0)
        return NULL;
    line += length;
    if (line[0] == ':')
        return line + 1;
    return g_str_has_prefix(line, "：") ? line + strlen("：") : NULL;
}

/* The field that the line names, and what stands behind its label; NULL if it names none. */
static char **named_by(PdFinding *finding, const char *line, const char **rest)
{
    const struct {
        char **field;
        const char *const *labels;
    } known[] = {{&finding->cause, causes},
                 {&finding->solution, solutions},
                 {&finding->prevention, preventions}};

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        for (const char *const *label = known[i].labels; *label != NULL; label++) {
            *rest = behind_label(line, *label);
            if (*rest != NULL)
                return known[i].field;
        }
    }
    return NULL;
}

static void set_text(char **field, const char *text)
{
    g_autofree char *trimmed = g_strstrip(g_strdup(text));

    g_free(*field);
    *field = pd_text_shorten(trimmed, MOST_BYTES);
}

/* From a bare label's line on, until an empty line or the next label. */
static char *lines_below(PdFinding *finding, char *const *line)
{
    GString *text = g_string_new(NULL);
    const char *rest;

    for (; *line != NULL && (*line)[0] != '\0' && named_by(finding, *line, &rest) == NULL; line++)
        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", *line);
    return g_string_free(text, FALSE);
}

static void read_text(PdFinding *finding, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", MOST_LINES);

    for (char **line = lines; *line != NULL; line++)
        g_strstrip(*line);
    for (char **line = lines; *line != NULL; line++) {
        const char *rest;
        char **field = named_by(finding, *line, &rest);
        if (field == NULL)
            continue;
        g_autofree char *below =
            rest[strspn(rest, " ")] == '\0' ? lines_below(finding, line + 1) : g_strdup(rest);
        set_text(field, below);
    }
}

static gboolean resolves(const PdEvent *event)
{
    const char *status = pd_json_get_text(pd_json_get(event->data, "set"), "status");
    const PdJson *commands = pd_json_get(event->data, "commands");

    for (gsize i = 0; i < pd_json_length(commands); i++)
        if (g_strcmp0(pd_json_string(pd_json_at(commands, i)), "resolve") == 0)
            return TRUE;
    return g_strcmp0(status, "resolved") == 0;
}

/* What a mail with commands says besides them, and behind the one that resolves. */
static char *text_of_mail(const char *text)
{
    g_autoptr(PdCommands) commands = pd_commands_parse(text);
    g_autoptr(GString) said = g_string_new(NULL);

    for (guint i = 0; i < commands->list->len; i++) {
        const PdCommand *command = g_ptr_array_index(commands->list, i);
        if (command->row != NULL && command->row->id == PD_COMMAND_RESOLVE)
            g_string_append_printf(said, "%s\n", command->argument);
    }
    pd_commands_keep_inside(commands);
    g_string_append(said, commands->rest);
    return g_strstrip(g_string_free(g_steal_pointer(&said), FALSE));
}

static const PdStoredMessage *message_of(const GPtrArray *messages, gint64 inbox)
{
    for (guint i = 0; inbox != 0 && i < messages->len; i++) {
        const PdStoredMessage *message = g_ptr_array_index(messages, i);
        if (message->inbox == inbox && message->text != NULL)
            return message;
    }
    return NULL;
}

/* A From line alone writes nothing into the fault database: only whose commands were taken, or
 * whose mail was proven to be his. */
static gboolean is_of_desk(const PdDesk *desk, const PdEvent *event)
{
    return pd_people_of_desk(desk->people, event->actor, NULL) != NULL &&
           (strcmp(event->kind, "changed") == 0 || pd_json_get_bool(event->data, "proven", FALSE));
}

static void take_event(const PdDesk *desk, const PdEvent *event, const GPtrArray *messages,
                       PdFinding *finding)
{
    const char *note = pd_json_get_text(event->data, "note");
    const char *said = pd_json_get_text(event->data, "said");
    const PdStoredMessage *message = message_of(messages, event->inbox);

    if (note != NULL)
        read_text(finding, note);
    if (said != NULL && resolves(event))
        set_text(&finding->solution, said);
    if (said != NULL)
        read_text(finding, said);
    if (message == NULL || !is_of_desk(desk, event))
        return;
    if (resolves(event)) {
        g_autofree char *text = text_of_mail(message->text);
        if (text[0] != '\0')
            set_text(&finding->solution, text);
    }
    read_text(finding, message->text);
}

void pd_finding_read(const PdDesk *desk, const GPtrArray *events, const GPtrArray *messages,
                     PdFinding *finding)
{
    *finding = (PdFinding){g_strdup(""), g_strdup(""), g_strdup("")};
    for (guint i = 0; i < events->len; i++)
        take_event(desk, g_ptr_array_index(events, i), messages, finding);
}

void pd_finding_clear(PdFinding *finding)
{
    g_free(finding->cause);
    g_free(finding->solution);
    g_free(finding->prevention);
    *finding = (PdFinding){0};
}
