/* pdf.c: see postdesk/printing.h. */
#include "postdesk/printing.h"

#include "beside.h"
#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/program.h"
#include <string.h>
#include <unistd.h>

#define MOST_TIME PD_MINUTE

static PdStatus *find_program(char **path)
{
    *path = g_find_program_in_path("weasyprint");
    if (*path != NULL)
        return NULL;
    return pd_status_new(
        PD_SPOILS_SYSTEM, PD_FINAL,
        "install it (Debian: apt install weasyprint), or write HTML and print that",
        "PDF is made by weasyprint, which is not installed");
}

static PdStatus *convert(const char *program_path, int input, char *output, gsize *length)
{
    char *argv[] = {(char *)program_path, "--quiet", "-", "-", NULL};
    const PdProgram program = {
        .argv = argv,
        .input = input,
        .most_time = MOST_TIME,
        .most_output = PD_PDF_MOST_BYTES,
        .spoils = PD_SPOILS_SYSTEM,
        .what = "PDF maker",
        .advice = "write HTML and print that",
        .start_advice = "check that weasyprint may be executed",
    };

    PD_TRY(pd_program_run(&program, output, length));
    if (*length < 5 || memcmp(output, "%PDF-", 5) != 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, "write HTML and print that",
                             "weasyprint made no PDF");
    return NULL;
}

PdStatus *pd_pdf_make(const char *html, GBytes **pdf)
{
    g_autofree char *program = NULL;
    gsize length = 0;
    int input;

    PD_TRY(find_program(&program));
    PD_TRY(pd_beside_hand_over(html, strlen(html), &input));
    g_autofree char *output = g_malloc(PD_PDF_MOST_BYTES);
    PdStatus *status = convert(program, input, output, &length);
    close(input);
    if (status == NULL)
        *pdf = g_bytes_new(output, length);
    return status;
}
