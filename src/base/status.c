/* status.c: see postdesk/status.h. */
#include "postdesk/status.h"

#include "postdesk/text.h"
#include <stdarg.h>

struct pd_status {
    PdSpoils spoils;
    PdRetry retry;
    char *text;
    char *advice;
};

PdStatus *pd_status_new(PdSpoils spoils, PdRetry retry, const char *advice, const char *format, ...)
{
    PdStatus *status = g_new0(PdStatus, 1);
    va_list arguments;

    status->spoils = spoils;
    status->retry = retry;
    status->advice = g_strdup(advice);
    va_start(arguments, format);
    status->text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return status;
}

PdStatus *pd_status_prefix(PdStatus *status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *prefix = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    char *text = g_strconcat(prefix, ": ", status->text, NULL);
    g_free(status->text);
    status->text = text;
    return status;
}

PdStatus *pd_status_advise(PdStatus *status, const char *advice)
{
    g_free(status->advice);
    status->advice = g_strdup(advice);
    return status;
}

void pd_status_free(PdStatus *status)
{
    if (status == NULL)
        return;
    g_free(status->text);
    g_free(status->advice);
    g_free(status);
}

PdSpoils pd_status_spoils(const PdStatus *status)
{
    return status->spoils;
}

const char *pd_status_spoils_name(const PdStatus *status)
{
    static const char *const names[] = {
        [PD_SPOILS_MESSAGE] = "message",
        [PD_SPOILS_MAILBOX] = "mailbox",
        [PD_SPOILS_CONNECTION] = "connection",
        [PD_SPOILS_STORE] = "store",
        [PD_SPOILS_CONFIGURATION] = "configuration",
        [PD_SPOILS_USAGE] = "usage",
        [PD_SPOILS_SYSTEM] = "system",
    };

    return names[status->spoils];
}

gboolean pd_status_may_retry(const PdStatus *status)
{
    return status->retry == PD_TRY_AGAIN;
}

const char *pd_status_text(const PdStatus *status)
{
    return status->text;
}

const char *pd_status_advice(const PdStatus *status)
{
    return status->advice;
}

char *pd_status_told(const PdStatus *status)
{
    g_autofree char *lines = g_strdup_printf("%s%s%s", status->text, status->advice ? "; " : "",
                                             status->advice ? status->advice : "");

    return pd_text_fold_space(lines);
}

char *pd_status_line(const PdStatus *status)
{
    return pd_text_fold_space(status->text);
}

PdExit pd_status_exit_code(const PdStatus *status)
{
    if (status == NULL)
        return PD_EXIT_OK;
    if (status->retry == PD_TRY_AGAIN)
        return PD_EXIT_TRY_AGAIN;
    switch (status->spoils) {
    case PD_SPOILS_MESSAGE:
        return PD_EXIT_DATA;
    case PD_SPOILS_MAILBOX:
        return PD_EXIT_REFUSED;
    case PD_SPOILS_CONFIGURATION:
        return PD_EXIT_CONFIG;
    case PD_SPOILS_USAGE:
        return PD_EXIT_USAGE;
    case PD_SPOILS_STORE:
        return PD_EXIT_IO;
    case PD_SPOILS_CONNECTION:
    case PD_SPOILS_SYSTEM:
        break;
    }
    return PD_EXIT_SOFTWARE;
}
