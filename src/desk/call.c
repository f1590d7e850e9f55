/* call.c: see call.h. Reading is lenient: what cannot be taken over is told to whoever wrote it,
 * and the ticket is opened all the same; nobody calls twice because a field was misspelt. */
#include "desk/call.h"

#include "desk/change.h"
#include "desk/command.h"
#include "desk/meant.h"
#include "desk/subject.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_LINES 60 /* of fields */
#define MOST_KEY_BYTES 40

typedef enum {
    WHO,
    ADDRESS,
    PHONE,
    DEPARTMENT,
    SUBJECT,
    TEXT,
    PRIORITY,
    CATEGORY,
    QUEUE,
    ASSIGN,
    FIELDS
} Field;

/* Letter case aside. */
static const char *const words[FIELDS][12] = {
    [WHO] = {"who", "caller", "name", "报修人", "报障人", "来电人", "报告人", "呼叫人", "姓名",
             "谁", NULL},
    [ADDRESS] = {"address", "email", "e-mail", "mail", "邮箱", "邮件", "电子邮箱", "邮件地址",
                 NULL},
    [PHONE] = {"phone", "tel", "telephone", "mobile", "电话", "手机", "联系电话", "分机", NULL},
    [DEPARTMENT] = {"dept", "department", "部门", "单位", "科室", "处室", NULL},
    [SUBJECT] = {"subject", "title", "主题", "标题", "问题", NULL},
    [TEXT] = {"text", "description", "problem", "描述", "内容", "情况", "现象", "故障描述",
              "故障现象", "问题描述", NULL},
    [PRIORITY] = {"priority", "prio", "优先级", NULL},
    [CATEGORY] = {"category", "cat", "分类", "类别", NULL},
    [QUEUE] = {"queue", "队列", NULL},
    [ASSIGN] = {"assign", "assignee", "指派", "处理人", "负责人", NULL},
};

typedef struct {
    const PdDesk *desk;
    const PdPerson *taker;
    char *values[FIELDS];
    PdCall *call;
} Reader;

void pd_call_free(PdCall *call)
{
    char *const texts[] = {call->name,       call->address,  call->phone,    call->department,
                           call->subject,    call->text,     call->priority, call->category,
                           call->queue,      call->assignee, call->taken_by, call->taken_by_name,
                           call->signed_name};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(call->problems);
    g_free(call->standing.nonce);
    g_free(call);
}

static void problem_free(PdCallProblem *one)
{
    g_free(one->line);
    pd_problem_clear(&one->problem);
    g_free(one);
}

static void add_problem(Reader *reader, Field field, PdProblem *problem)
{
    PdCallProblem *one = g_new0(PdCallProblem, 1);

    one->line = g_strdup_printf("%s: %s", words[field][0], reader->values[field]);
    one->problem = *problem;
    *problem = (PdProblem){0};
    g_ptr_array_add(reader->call->problems, one);
}

/* What stands behind "/new" in its line, or NULL where the text does not begin with it. */
static const char *behind_command(const char *text)
{
    g_autoptr(PdCommands) commands = pd_commands_parse(text);
    const PdCommand *first = commands->list->len > 0 ? commands->list->pdata[0] : NULL;

    if (first == NULL || first->row == NULL || first->row->id != PD_COMMAND_NEW)
        return NULL;
    const char *line = text;
    while (g_ascii_isspace(*line))
        line++;
    const char *end = strchrnul(line, '\n');
    gsize length = strlen(first->argument);
    const char *found = length > 0 ? g_strstr_len(line, end - line, first->argument) : NULL;
    return found != NULL ? found : end;
}

gboolean pd_call_begins(const char *text)
{
    return behind_command(text) != NULL;
}

static gboolean is_colon(gunichar c)
{
    return c == ':' || c == 0xff1a || c == '=';
}

/* Splits "key: value"; a line that begins with a slash needs no colon. FALSE: it is text. */
static gboolean split_line(const char *line, Field *field, const char **value)
{
    gboolean has_slash = *line == '/' || g_str_has_prefix(line, "／");
    const char *key = has_slash ? g_utf8_next_char(line) : line;
    const char *end = key;

    while (*end != '\0' && !is_colon(g_utf8_get_char(end)) &&
           !(has_slash && g_unichar_isspace(g_utf8_get_char(end))))
        end = g_utf8_next_char(end);
    if (*end == '\0' || end - key > MOST_KEY_BYTES)
        return FALSE;
    g_autofree char *raw = g_strndup(key, (gsize)(end - key));
    g_autofree char *word = g_utf8_strdown(g_strstrip(raw), -1);
    for (guint i = 0; i < FIELDS; i++) {
        if (!g_strv_contains(words[i], word))
            continue;
        *field = (Field)i;
        *value = g_utf8_next_char(end);
        return TRUE;
    }
    return FALSE;
}

/* Takes the fields; gives the text that is left, borrowed. */
static const char *take_fields(Reader *reader, const char *text)
{
    for (guint i = 0; i < MOST_LINES && *text != '\0'; i++) {
        const char *end = strchrnul(text, '\n');
        g_autofree char *line = g_strstrip(g_strndup(text, (gsize)(end - text)));
        const char *value = NULL;
        Field field;
        if (line[0] != '\0' && !split_line(line, &field, &value))
            return text;
        text = *end == '\n' ? end + 1 : end;
        if (line[0] == '\0')
            continue;
        g_free(reader->values[field]);
        reader->values[field] = g_strstrip(g_strdup(value));
        if (field == TEXT)
            return text;
    }
    return text;
}

static const char *value_of(const Reader *reader, Field field)
{
    const char *value = reader->values[field];

    return value != NULL && value[0] != '\0' && pd_text_is_one_line(value) ? value : NULL;
}

/* "张三 <zs@example.org>", "zs@example.org", "张三 8123" and the like. */
static void split_who(Reader *reader)
{
    const char *who = value_of(reader, WHO) != NULL ? reader->values[WHO] : "";
    g_auto(GStrv) parts = pd_text_words(who, " \t<>,;，；()（）　");
    GString *name = g_string_new(NULL);

    for (char **part = parts; *part != NULL; part++) {
        if (pd_text_is_address(*part) && value_of(reader, ADDRESS) == NULL) {
            g_free(reader->values[ADDRESS]);
            reader->values[ADDRESS] = g_strdup(*part);
        } else {
            g_string_append_printf(name, "%s%s", name->len > 0 ? " " : "", *part);
        }
    }
    g_free(reader->values[WHO]);
    reader->values[WHO] = g_string_free(name, FALSE);
}

/* As it was said, else as people.yaml has it; what mail cannot go to is told of, and not taken.
 * Caller frees. */
static char *address_of(Reader *reader, const PdPerson *person)
{
    const char *own = person != NULL ? person->addresses[0] : NULL;
    const char *said = value_of(reader, ADDRESS);
    const char *address = said != NULL ? said : own;
    Field field = said != NULL ? ADDRESS : value_of(reader, WHO) != NULL ? WHO : PHONE;
    g_auto(PdProblem) problem = {0};

    if (address == NULL || pd_text_can_be_mailed(address))
        return g_strdup(address);
    pd_problem_address(&problem, address);
    add_problem(reader, field, &problem);
    return own != NULL && pd_text_can_be_mailed(own) ? g_strdup(own) : NULL;
}

/* The caller, by whatever is known of him in people.yaml. */
static void find_caller(Reader *reader)
{
    PdCall *call = reader->call;
    g_auto(PdProblem) problem = {0};
    gboolean several = FALSE;
    const char *phone = value_of(reader, PHONE);
    /* A copy: split_who() frees what it came from. */
    g_autofree char *known_by = g_strdup(value_of(reader, ADDRESS) ? reader->values[ADDRESS]
                                         : value_of(reader, WHO)   ? reader->values[WHO]
                                                                   : value_of(reader, PHONE));
    const PdPerson *person =
        known_by != NULL ? pd_people_caller(reader->desk->people, known_by, phone, &several) : NULL;

    split_who(reader);
    if (person == NULL && !several && value_of(reader, ADDRESS) == NULL &&
        value_of(reader, WHO) != NULL)
        person = pd_people_caller(reader->desk->people, reader->values[WHO], phone, &several);
    if (several) {
        pd_problem_set(&problem, PD_PROBLEM_CALLER, NULL, known_by);
        add_problem(reader, WHO, &problem);
    }
    const char *name = value_of(reader, WHO);
    call->address = address_of(reader, person);
    call->name = g_strdup(person != NULL ? person->name : name);
    call->phone = g_strdup(value_of(reader, PHONE));
    call->department = g_strdup(value_of(reader, DEPARTMENT));
}

static void take_priority(Reader *reader)
{
    static const char *const priorities[] = {"P1", "P2", "P3", "P4", NULL};
    const char *value = value_of(reader, PRIORITY);
    g_auto(PdProblem) problem = {0};

    if (value == NULL)
        return;
    g_autofree char *wanted =
        g_ascii_isdigit(value[0]) ? g_strconcat("P", value, NULL) : g_ascii_strup(value, -1);
    if (g_strv_contains(priorities, wanted)) {
        reader->call->priority = g_steal_pointer(&wanted);
        return;
    }
    pd_problem_choose(&problem, "priority", value, priorities);
    add_problem(reader, PRIORITY, &problem);
}

static void take_category(Reader *reader)
{
    const char *value = value_of(reader, CATEGORY);
    g_auto(PdProblem) problem = {0};

    if (value == NULL)
        return;
    g_autofree char *path = g_utf8_strdown(value, -1);
    if (pd_meant_category(reader->desk, path, &problem) && pd_change_is_category(path)) {
        reader->call->category = g_steal_pointer(&path);
        return;
    }
    if (problem.kind == PD_PROBLEM_NONE)
        pd_problem_set(&problem, PD_PROBLEM_CATEGORY, NULL, value);
    add_problem(reader, CATEGORY, &problem);
}

static void take_assignee(Reader *reader)
{
    const char *value = value_of(reader, ASSIGN);
    g_auto(PdProblem) problem = {0};

    if (value == NULL)
        return;
    g_autofree char *meant = pd_command_value(value);
    const PdPerson *person = strcmp(meant, "me") == 0
                                 ? reader->taker
                                 : pd_people_of_desk(reader->desk->people, meant, NULL);
    if (person != NULL) {
        reader->call->assignee = g_strdup(person->addresses[0]);
        return;
    }
    pd_problem_set(&problem, PD_PROBLEM_PERSON, NULL, value);
    add_problem(reader, ASSIGN, &problem);
}

/* Where to call back is worth reading, and has no field of its own. */
static char *text_of(const Reader *reader, const char *rest)
{
    const char *first = value_of(reader, TEXT);
    const char *phone = reader->call->phone;
    g_autofree char *below = g_strstrip(g_strdup(rest));
    GString *text = g_string_new(first);

    if (below[0] != '\0')
        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", below);
    if (phone != NULL)
        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n\n" : "", phone);
    return g_string_free(text, FALSE);
}

static char *subject_of(const Reader *reader, const char *rest, const char *fallback)
{
    const char *subject = value_of(reader, SUBJECT);
    const char *text = value_of(reader, TEXT) != NULL ? reader->values[TEXT] : rest;

    while (g_ascii_isspace(*text))
        text++;
    if (subject == NULL && *text == '\0')
        return g_strdup(fallback[0] != '\0' ? fallback : NULL);
    g_autofree char *line =
        subject != NULL ? g_strdup(subject) : g_strndup(text, strcspn(text, "\n"));
    return pd_text_shorten(g_strstrip(line), PD_SUBJECT_FROM_TEXT_BYTES);
}

/* "/new 张三": the caller, or where he has a field of his own, what it is about. */
static void take_argument(Reader *reader, const char *argument)
{
    Field field = value_of(reader, WHO) == NULL ? WHO : SUBJECT;

    if (argument[0] == '\0' || value_of(reader, field) != NULL)
        return;
    g_free(reader->values[field]);
    reader->values[field] = g_strdup(argument);
}

static void read_form(Reader *reader, const char *text, const char *fallback)
{
    const char *behind = behind_command(text);
    const char *end = strchrnul(behind, '\n');
    g_autofree char *argument = g_strstrip(g_strndup(behind, (gsize)(end - behind)));
    const char *rest = take_fields(reader, *end == '\n' ? end + 1 : end);

    take_argument(reader, argument);
    find_caller(reader);
    take_priority(reader);
    take_category(reader);
    take_assignee(reader);
    reader->call->queue = g_strdup(value_of(reader, QUEUE));
    reader->call->subject = subject_of(reader, rest, fallback);
    reader->call->text = text_of(reader, rest);
}

PdCall *pd_call_read(const PdDesk *desk, const char *text, const char *fallback,
                     const PdPerson *taker, PdProblem *problem)
{
    Reader reader = {.desk = desk, .taker = taker, .call = g_new0(PdCall, 1)};

    reader.call->problems = g_ptr_array_new_with_free_func((GDestroyNotify)problem_free);
    reader.call->taker = taker;
    read_form(&reader, text, fallback);
    for (guint i = 0; i < FIELDS; i++)
        g_free(reader.values[i]);
    PdCall *call = reader.call;
    if ((call->name != NULL || call->address != NULL) && call->subject != NULL)
        return call;
    pd_problem_set(problem, PD_PROBLEM_ARGUMENT, NULL, NULL);
    problem->choices = g_strdup(call->subject == NULL ? "subject: …" : "who: …");
    pd_call_free(call);
    return NULL;
}
