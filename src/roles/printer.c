/* printer.c: see printer.h.
 *
 * Question: a number, and the HTML as a descriptor. Answer: the number, one letter (K made, E what
 * went wrong), text, and with K the PDF as a descriptor. An answer with another number is of a
 * question that was given up. */
#include "printer.h"

#include "beside.h"
#include "postdesk/clock.h"
#include "postdesk/files.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE (70 * PD_SECOND)   /* for one answer: pd_pdf_make() takes 60 at most */
#define MOST_HTML (4 * 1024 * 1024) /* bytes of a form */

typedef struct {
    guint64 number;
    char kind; /* of an answer */
    char text[500];
} Letter;

struct pd_printer {
    PdBeside beside;
    guint64 number;
};

/* FALSE at the end of the other side. *fd: -1 if none came. */
static gboolean receive_letter(int channel, Letter *letter, int *fd)
{
    gssize got = pd_beside_receive(channel, letter, sizeof *letter, fd);

    letter->text[sizeof letter->text - 1] = '\0';
    if (got == (gssize)sizeof *letter)
        return TRUE;
    if (*fd >= 0)
        close(*fd);
    return FALSE;
}

/* ---- in the process beside the role ---- */

static PdStatus *print(int html, int *pdf)
{
    g_autofree char *text = NULL;
    g_autoptr(GBytes) made = NULL;
    gsize length;

    PD_TRY(pd_file_read_fd(html, MOST_HTML, &text, &length));
    PD_TRY(pd_pdf_make(text, &made));
    const char *bytes = g_bytes_get_data(made, &length);
    return pd_beside_hand_over(bytes, length, pdf);
}

static void answer(int channel, guint64 number, int html)
{
    Letter letter = {.number = number, .kind = 'K'};
    int pdf = -1;
    g_autoptr(PdStatus) status = print(html, &pdf);

    if (status != NULL) {
        letter.kind = 'E';
        g_strlcpy(letter.text, pd_status_text(status), sizeof letter.text);
        pdf = -1;
    }
    pd_beside_send(channel, &letter, sizeof letter, pdf, TRUE);
    if (pdf >= 0)
        close(pdf);
}

static void serve(int channel, gconstpointer what)
{
    Letter question;
    int html;

    (void)what;
    while (receive_letter(channel, &question, &html) && html >= 0) {
        answer(channel, question.number, html);
        close(html);
    }
}

/* ---- in the role ---- */

PdStatus *pd_printer_start(PdPrinter **printer)
{
    PdBeside beside;

    PD_TRY(pd_beside_start(serve, NULL, &beside));
    *printer = g_new0(PdPrinter, 1);
    (*printer)->beside = beside;
    return NULL;
}

void pd_printer_free(PdPrinter *printer)
{
    if (printer == NULL)
        return;
    pd_beside_end(&printer->beside);
    g_free(printer);
}

static PdStatus *fail(const char *why)
{
    return pd_status_new(PD_SPOILS_SYSTEM, PD_TRY_AGAIN, NULL, "no PDF was made: %s", why);
}

static PdStatus *ask(PdPrinter *printer, const char *html)
{
    Letter question = {.number = ++printer->number};
    int fd;

    PD_TRY(pd_beside_hand_over(html, strlen(html), &fd));
    gboolean sent = pd_beside_send(printer->beside.channel, &question, sizeof question, fd, TRUE);
    close(fd);
    return sent ? NULL : fail("the process that prints has ended");
}

static PdStatus *take(int fd, GBytes **pdf)
{
    g_autofree char *bytes = NULL;
    gsize length;

    PD_TRY(pd_file_read_fd(fd, PD_PDF_MOST_BYTES, &bytes, &length));
    *pdf = g_bytes_new_take(g_steal_pointer(&bytes), length);
    return NULL;
}

static PdStatus *read_answer(PdPrinter *printer, gboolean *is_mine, GBytes **pdf)
{
    Letter letter;
    int fd;

    if (!receive_letter(printer->beside.channel, &letter, &fd))
        return fail("the process that prints has ended");
    *is_mine = letter.number == printer->number;
    PdStatus *status = NULL;
    if (*is_mine && letter.kind != 'K')
        status = fail(letter.text);
    else if (*is_mine)
        status = fd >= 0 ? take(fd, pdf) : fail("nothing came");
    if (fd >= 0)
        close(fd);
    return status;
}

PdStatus *pd_printer_make(const char *html, GBytes **pdf, gpointer user)
{
    PdPrinter *printer = user;
    gint64 until = pd_clock_monotonic() + PATIENCE;
    gboolean is_mine = FALSE;

    PD_TRY(ask(printer, html));
    while (!is_mine) {
        if (!pd_beside_wait(&printer->beside, until))
            return fail(errno == ETIMEDOUT ? "it took too long" : g_strerror(errno));
        PD_TRY(read_answer(printer, &is_mine, pdf));
    }
    return NULL;
}
