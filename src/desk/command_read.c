/* command_read.c: the commands that stand in a text; see command.h.
 *
 * A command is a line that begins with "/" (or "／") and a word. A word with a further slash
 * in it is a path ("/var/log is full") and no command. "note:" at the top is "/note". The first
 * line that is no command ends them. What stands there came from outside: it is bounded and is
 * only ever compared. */
#include "desk/command.h"

#include "postdesk/text.h"
#include <string.h>

#define MOST_COMMANDS 20
#define MOST_LINE_BYTES 500

PdCommand *pd_command_new(const PdCommandRow *row, const char *line, const char *argument)
{
    PdCommand *command = g_new0(PdCommand, 1);

    command->row = row;
    command->line = g_strdup(line);
    command->argument = g_strdup(argument);
    return command;
}

void pd_command_free(PdCommand *command)
{
    if (command == NULL)
        return;
    g_free(command->line);
    g_free(command->argument);
    g_free(command);
}

void pd_commands_free(PdCommands *commands)
{
    if (commands == NULL)
        return;
    g_ptr_array_unref(commands->list);
    g_free(commands->rest);
    g_free(commands->inside);
    g_free(commands);
}

/* Where the text behind "note:" begins, in any width and with the marks that mail programs put
 * around it: "Note :", "*Note:*", "ＮＯＴＥ：". NULL if the line is none. */
static const char *behind_note_mark(const char *line)
{
    static const char *const words[] = {"note", "internal", "备注", "内部"};
    static const char around[] = " \t*_";

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *text = line + strspn(line, around);
        const char *word = words[i];
        for (; *word != '\0'; word = g_utf8_next_char(word), text = g_utf8_next_char(text)) {
            gunichar c = g_utf8_get_char(text);
            gunichar narrow = c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
            if (g_unichar_tolower(narrow) != g_utf8_get_char(word))
                break;
        }
        text += strspn(text, around);
        if (*word != '\0' || !(text[0] == ':' || g_str_has_prefix(text, "：")))
            continue;
        text = g_utf8_next_char(text);
        return text + strspn(text, around);
    }
    return NULL;
}

/* "note: …", "备注：…": as people write it without knowing commands. */
static PdCommand *read_note(const char *line)
{
    const char *text = behind_note_mark(line);
    g_autofree char *argument = text != NULL ? g_strstrip(g_strdup(text)) : NULL;

    return text != NULL ? pd_command_new(pd_command_row(PD_COMMAND_NOTE), line, argument) : NULL;
}

/* Where the word of a command ends: at a space or a colon of either width. */
static const char *end_of_word(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (g_unichar_isspace(c) || c == ':' || c == 0xff1a)
            break;
    }
    return text;
}

static const char *skip_gap(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (!g_unichar_isspace(c) && c != ':' && c != 0xff1a)
            break;
    }
    return text;
}

/* The bytes of the longest Chinese word of the command that the text begins with; 0: none does. */
static gsize begins_with(const char *text, const PdCommandRow *row)
{
    g_auto(GStrv) also = g_strsplit(row->also != NULL ? row->also : "", " ", -1);
    gsize longest = g_str_has_prefix(text, row->chinese) ? strlen(row->chinese) : 0;

    for (char **word = also; *word != NULL; word++)
        if (!g_str_is_ascii(*word) && g_str_has_prefix(text, *word))
            longest = MAX(longest, strlen(*word));
    return longest;
}

/* "/优先级P2": Chinese is written without a space between. */
static const PdCommandRow *find_glued(const char *text, const char **argument)
{
    const PdCommandRow *found = NULL;
    gsize longest = 0;

    for (guint id = 0; id < PD_COMMANDS; id++) {
        const PdCommandRow *row = pd_command_row(id);
        gsize length = row->argument != PD_ARGUMENT_NONE ? begins_with(text, row) : 0;
        if (length <= longest)
            continue;
        found = row;
        longest = length;
    }
    if (found != NULL)
        *argument = skip_gap(text + longest);
    return found;
}

/* "/ priority P1" and "\\priority P1" are slips of the hand where a command stands there; else they
 * are text. */
static const char *behind_slash(const char *line)
{
    const char *text = line[0] == '\\' ? line + 1 : pd_command_without_slash(line);
    const char *start = text;

    while (text != line && *start != '\0' && g_unichar_isspace(g_utf8_get_char(start)))
        start = g_utf8_next_char(start);
    if (start == text && line[0] != '\\')
        return text;
    g_autofree char *word = g_strndup(start, (gsize)(end_of_word(start) - start));
    return pd_command_find(word) != NULL ? start : line;
}

/* "/help?", "/resolve." */
static const PdCommandRow *find_marked(const char *word)
{
    g_autofree char *bare = g_strdup(word);
    const char *last = bare + strlen(bare);

    while (last > bare && g_unichar_ispunct(g_utf8_get_char(g_utf8_prev_char(last))))
        last = g_utf8_prev_char(last);
    bare[last - bare] = '\0';
    return bare[0] != '\0' ? pd_command_find(bare) : NULL;
}

/* What is only marks says nothing: "/撤销。" */
static const char *without_marks(const char *argument)
{
    for (const char *c = argument; *c != '\0'; c = g_utf8_next_char(c))
        if (!g_unichar_ispunct(g_utf8_get_char(c)))
            return argument;
    return "";
}

/* What a note, a caller or a needed argument begins with may be any word. */
static const char *what_it_says(const PdCommandRow *row, const char *argument)
{
    gboolean is_free = row == NULL || row->argument == PD_ARGUMENT_NEEDED ||
                       row->id == PD_COMMAND_NOTE || row->id == PD_COMMAND_NEW;

    return is_free ? without_marks(argument) : pd_command_without_courtesy(argument);
}

static PdCommand *read_command(const char *line)
{
    const char *text = behind_slash(line);
    const char *end = end_of_word(text);
    g_autofree char *word = g_strndup(text, (gsize)(end - text));
    const char *argument = skip_gap(end);

    if (text == line)
        return read_note(line);
    if (word[0] == '\0' || strchr(word, '/') != NULL ||
        !(g_unichar_isalpha(g_utf8_get_char(word)) || word[0] == '?'))
        return NULL;
    const PdCommandRow *row = pd_command_find(word);
    if (row == NULL)
        row = find_marked(word);
    if (row == NULL)
        row = find_glued(text, &argument);
    PdCommand *command = pd_command_new(row, line, what_it_says(row, argument));
    if (row == NULL)
        pd_command_nearest(word, &command->nearest);
    return command;
}

PdCommands *pd_commands_parse(const char *text)
{
    PdCommands *commands = g_new0(PdCommands, 1);

    commands->list = g_ptr_array_new_with_free_func((GDestroyNotify)pd_command_free);
    while (*text != '\0' && commands->list->len < MOST_COMMANDS) {
        const char *end = strchrnul(text, '\n');
        g_autofree char *line = g_strstrip(g_strndup(text, (gsize)(end - text)));
        PdCommand *command =
            line[0] != '\0' && strlen(line) <= MOST_LINE_BYTES ? read_command(line) : NULL;
        if (command == NULL && line[0] != '\0')
            break;
        if (command != NULL)
            g_ptr_array_add(commands->list, command);
        text = *end == '\n' ? end + 1 : end;
    }
    commands->rest = g_strstrip(g_strdup(text));
    commands->inside = g_strdup("");
    return commands;
}

/* "note:" or "/note", below other text, too: whoever wrote it wants it kept inside. */
static gboolean is_note(const char *line)
{
    g_autofree char *text = pd_text_head(line, MOST_LINE_BYTES);

    *strchrnul(text, '\n') = '\0';
    PdCommand *note = read_command(g_strstrip(text));
    gboolean is_one = note != NULL && note->row == pd_command_row(PD_COMMAND_NOTE);

    pd_command_free(note);
    return is_one;
}

void pd_commands_keep_inside(PdCommands *commands)
{
    for (char *line = commands->rest; *line != '\0';) {
        const char *end = strchrnul(line, '\n');
        if (is_note(line)) {
            g_free(commands->inside);
            commands->inside = g_strdup(line);
            *line = '\0';
            g_strchomp(commands->rest);
            return;
        }
        line += end - line + (*end == '\n');
    }
}

PdCommand *pd_command_below(const char **line)
{
    while (**line != '\0') {
        const char *end = strchrnul(*line, '\n');
        g_autofree char *text = g_strstrip(g_strndup(*line, (gsize)(end - *line)));
        PdCommand *command =
            text[0] != '\0' && strlen(text) <= MOST_LINE_BYTES ? read_command(text) : NULL;
        *line = *end == '\n' ? end + 1 : end;
        if (command != NULL && command->row != NULL)
            return command;
        pd_command_free(command);
    }
    return NULL;
}
