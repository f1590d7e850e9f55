/* log.c: see postdesk/log.h. One write(2) a line, so that the lines of several
 * processes do not mix. */
#include "postdesk/log.h"

#include "postdesk/clock.h"
#include "postdesk/text.h"
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *role_name = "postdesk";
static PdLogLevel highest = PD_LOG_INFO;

void pd_log_set_role(const char *role)
{
    role_name = role;
}

void pd_log_set_level(PdLogLevel level)
{
    highest = level;
}

/* A shell started from a desktop inherits the variable too, and a service's output may be sent
 * elsewhere: only the file that it names is the journal (systemd.exec(5)). */
static gboolean goes_to_journal(void)
{
    static gsize known; /* 0: not looked yet, 1: no, 2: yes */
    struct stat file;

    if (g_once_init_enter(&known)) {
        const char *stream = g_getenv("JOURNAL_STREAM");
        gsize found = 1;
        if (stream != NULL && fstat(STDERR_FILENO, &file) == 0) {
            g_autofree char *own =
                g_strdup_printf("%ju:%ju", (uintmax_t)file.st_dev, (uintmax_t)file.st_ino);
            found = strcmp(stream, own) == 0 ? 2 : 1;
        }
        g_once_init_leave(&known, found);
    }
    return known == 2;
}

/* journald takes the priority from a prefix; everybody else gets time and level. */
static void append_prefix(GString *line, PdLogLevel level)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    static const char *const journal[] = {"<3>", "<4>", "<6>", "<7>"};

    if (goes_to_journal()) {
        g_string_append(line, journal[level]);
        return;
    }
    g_autofree char *now = pd_clock_format_utc(pd_clock_now());
    g_string_append_printf(line, "%s %s ", now, names[level]);
}

/* A field's value is one word: spaces and quotes in it are escaped too. */
static void append_field(GString *line, const char *name, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *printable = pd_text_printable(value);
    g_string_append_printf(line, " %s=", name);
    for (const char *c = printable; *c != '\0'; c++) {
        if (*c == ' ')
            g_string_append(line, "\\x20");
        else
            g_string_append_c(line, *c);
    }
}

void pd_log(PdLogLevel level, const char *event, const PdLogFields *fields, const char *format, ...)
{
    if (level > highest)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *printable = pd_text_printable(text);

    g_autoptr(GString) line = g_string_new(NULL);
    append_prefix(line, level);
    g_string_append_printf(line, "%s %s", role_name, event);
    if (fields != NULL) {
        append_field(line, "mailbox", fields->mailbox);
        append_field(line, "message", fields->message);
        if (fields->ticket > 0)
            g_string_append_printf(line, " ticket=%" G_GINT64_FORMAT, fields->ticket);
    }
    g_string_append_printf(line, ": %s\n", printable);
    /* Nothing can be done about a log that cannot be written. */
    ssize_t written = write(STDERR_FILENO, line->str, line->len);
    (void)written;
}

void pd_log_status(PdLogLevel level, const char *event, const PdLogFields *fields,
                   const PdStatus *status)
{
    const char *advice = pd_status_advice(status);

    pd_log(level, event, fields, "%s%s%s [%s%s]", pd_status_text(status),
           advice != NULL ? "; " : "", advice != NULL ? advice : "", pd_status_spoils_name(status),
           pd_status_may_retry(status) ? ", will be tried again" : "");
}

void pd_log_further(PdStatus **first, PdStatus *status, const char *event)
{
    if (*first == NULL) {
        *first = status;
        return;
    }
    if (status != NULL)
        pd_log_status(PD_LOG_ERROR, event, NULL, status);
    pd_status_free(status);
}
