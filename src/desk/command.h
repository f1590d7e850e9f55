/* command.h: what a person may tell the desk in the first lines of a mail, or at the command
 * line: one table of words, and a pure reader of text. Who may do what is in authority.c. */
#ifndef DESK_COMMAND_H
#define DESK_COMMAND_H

#include "postdesk/mail.h"

typedef enum {
    PD_COMMAND_HELP,
    PD_COMMAND_STANDING, /* "where does it stand?" */
    PD_COMMAND_ASSIGN,
    PD_COMMAND_PRIORITY,
    PD_COMMAND_STATUS,
    PD_COMMAND_RESOLVE,
    PD_COMMAND_CLOSE,
    PD_COMMAND_REOPEN,
    PD_COMMAND_SPAM,
    PD_COMMAND_CATEGORY,
    PD_COMMAND_IMPACT,
    PD_COMMAND_URGENCY,
    PD_COMMAND_QUEUE,
    PD_COMMAND_SUBJECT,
    PD_COMMAND_DUE,
    PD_COMMAND_TAG,
    PD_COMMAND_NOTE,
    PD_COMMAND_EXTERNAL,
    PD_COMMAND_MERGE,
    PD_COMMAND_SPLIT,
    PD_COMMAND_LINK,
    PD_COMMAND_WATCH,
    PD_COMMAND_UNWATCH,
    PD_COMMAND_UNDO,
    PD_COMMAND_FORM,
    PD_COMMAND_CONFIRM,
    PD_COMMAND_REJECT,
    PD_COMMAND_RATE,
    PD_COMMAND_ACCEPT,
    PD_COMMAND_FIELD,
    PD_COMMAND_UNTAG,
    PD_COMMAND_WITHDRAW, /* "no longer needed", of a ticket that is not resolved */
    PD_COMMAND_NEW,      /* a ticket for somebody who called (call.h) */
    PD_COMMANDS
} PdCommandId;

typedef enum {
    PD_ARGUMENT_NONE, /* what follows is text to send */
    PD_ARGUMENT_NEEDED,
    PD_ARGUMENT_OPTIONAL,
} PdArgument;

typedef struct {
    PdCommandId id;
    const char *name;    /* "priority": "/priority" */
    const char *chinese; /* "优先级" */
    const char *also;    /* other words, between blanks, or NULL */
    PdArgument argument;
    const char *form; /* "P1|P2|P3|P4", or "" */
    const char *help; /* in English */
    const char *help_chinese;
} PdCommandRow;

const PdCommandRow *pd_command_row(PdCommandId id);
/* Of a word with or without its slash, in either language; NULL if there is none. */
const PdCommandRow *pd_command_find(const char *word);
/* The word behind its slash of either width. Borrowed. */
const char *pd_command_without_slash(const char *word);
/* Without clauses at its front that say nothing ("it please", "了，谢谢"); "" if it is one.
 * Borrowed. */
const char *pd_command_without_courtesy(const char *argument);
/* The row whose word is nearest, or NULL; *word: as it should have been written, static. */
const PdCommandRow *pd_command_nearest(const char *written, const char **word);

typedef struct {
    const PdCommandRow *row; /* NULL: there is no such command */
    char *line;              /* as it was written, trimmed */
    char *argument;          /* "" if there is none */
    const char *nearest;     /* of an unknown one: the word that was probably meant, or NULL */
} PdCommand;

typedef struct {
    GPtrArray *list; /* of PdCommand * */
    char *rest;      /* the text below them */
    char *inside;    /* what of it stays inside, "" if nothing does */
} PdCommands;

PdCommand *pd_command_new(const PdCommandRow *row, const char *line, const char *argument);
void pd_command_free(PdCommand *command);

/* The lines at the top that are commands, and the rest. Pure. */
PdCommands *pd_commands_parse(const char *text);
/* From a line on that begins with "note:" or "备注：", wherever it stands, the rest is for the desk
 * alone: it goes from rest to inside. */
void pd_commands_keep_inside(PdCommands *commands);
/* The first command of the table at or behind *line, which stands below text and is none there;
 * *line: behind its line. NULL if none follows. Caller frees. */
PdCommand *pd_command_below(const char **line);
void pd_commands_free(PdCommands *commands);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdCommands, pd_commands_free)

/* What a mail says, without the last lines that only tell who wrote it: for the words below. Caller
 * frees. */
char *pd_command_text_of(const PdMail *mail);

/* A reporter need not know commands: the one word that is all he wrote ("solved", "没解决",
 * "进度"). What he means by it hangs on whether the desk has said that it is solved. NULL if it is
 * none. */
const PdCommandRow *pd_command_of_word(const char *text, gboolean is_resolved);

/* What a word or a clause comes to: small letters, without punctuation and without politeness at
 * its end. Caller frees. */
char *pd_command_bare_word(const char *text);

/* How satisfied he is, where that is all he wrote ("5", "非常满意，5分"): 1 to 5; 0: it is
 * something else. *is_figure: there is a figure and nothing that says what it is of; may be NULL.
 * What it means hangs on the ticket's status. */
guint pd_command_rating(const char *text, gboolean *is_figure);
#define PD_SATISFIED 4 /* from this mark on */

/* FALSE where the text surely holds no command: then nothing need be looked up for it. */
gboolean pd_command_may_be(const char *text);

/* What may stand behind a command, in Chinese where that is wanted: "[原因]" for "[WHY]", "高, 低"
 * for "high, low". Caller frees. */
char *pd_command_choices(const char *choices, gboolean in_chinese);

/* The argument in the desk's own words: "等待" is "waiting", "高" is "high". Caller frees. */
char *pd_command_value(const char *argument);

#endif
