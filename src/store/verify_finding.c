/* verify_finding.c: see verify_finding.h. */
#include "verify_finding.h"

#include <stdarg.h>

void pd_verify_differs(PdVerify *verify, const char *subject, gint64 number, const char *format,
                       ...)
{
    g_autofree char *name = g_strdup_printf("%s #%" G_GINT64_FORMAT, subject, number);
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pd_diagnostics_add(verify->list, PD_ERROR, name, 0, 0, "%s", text);
}
