/* pdf.c: see pdf.h. */
#include "pdf.h"

#include "postdesk/clock.h"
#include "postdesk/files.h"
#include "postdesk/program.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST_TIME (120 * PD_SECOND)
#define MOST_OUTPUT 4096
#define MOST_BYTES (64 * 1024 * 1024) /* of a PDF */

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

/* A descriptor that reads the text; it has no name. */
static PdStatus *open_text(const char *text, int *fd)
{
    *fd = memfd_create("form", MFD_CLOEXEC);
    if (*fd < 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "no memory file: %s",
                             g_strerror(errno));
    PdStatus *status = pd_file_write_all(*fd, text, strlen(text));
    if (status == NULL && lseek(*fd, 0, SEEK_SET) == 0)
        return NULL;
    close(*fd);
    return status != NULL ? status
                          : pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "cannot rewind");
}

static PdStatus *convert(const char *program_path, int input, const char *output)
{
    char *argv[] = {(char *)program_path, "--quiet", "-", (char *)output, NULL};
    char printed[MOST_OUTPUT];
    gsize length;
    const PdProgram program = {
        .argv = argv,
        .input = input,
        .most_time = MOST_TIME,
        .most_output = sizeof printed,
        .spoils = PD_SPOILS_SYSTEM,
        .what = "PDF maker",
        .advice = "write HTML and print that",
        .start_advice = "check that weasyprint may be executed",
    };

    return pd_program_run(&program, printed, &length);
}

static PdStatus *take_over(const char *made, const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length;

    PD_TRY(pd_file_read(made, MOST_BYTES, &bytes, &length));
    if (length < 5 || memcmp(bytes, "%PDF-", 5) != 0)
        return pd_status_new(PD_SPOILS_SYSTEM, PD_FINAL, "write HTML and print that",
                             "weasyprint made no PDF");
    return pd_file_replace(path, bytes, length, 0600);
}

PdStatus *pd_pdf_write(const char *html, const char *path)
{
    g_autofree char *program = NULL;
    g_autofree char *made = g_strconcat(path, ".part", NULL);
    int input;

    PD_TRY(find_program(&program));
    PD_TRY(open_text(html, &input));
    PdStatus *status = convert(program, input, made);
    close(input);
    if (status == NULL)
        status = take_over(made, path);
    g_unlink(made);
    return status;
}
