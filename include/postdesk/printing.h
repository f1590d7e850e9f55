/* printing.h: forms that are to be printed and mailed: noted in the transaction of the command that
 * asks for one, made by the clock role, so that no mail waits for a form. */
#ifndef POSTDESK_PRINTING_H
#define POSTDESK_PRINTING_H

#include "postdesk/json.h"
#include "postdesk/store.h"

typedef struct {
    gint64 id, ticket;
    PdJson *data; /* what to print and for whom; the desk's own */
} PdPrintJob;
void pd_print_job_free(PdPrintJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdPrintJob, pd_print_job_free)

/* In the running transaction. data is borrowed. */
PdStatus *pd_print_job_add(PdStore *store, gint64 ticket, const PdJson *data);
/* The oldest; NULL if there is none. */
PdStatus *pd_print_job_first(PdStore *store, PdPrintJob **job);
/* In the running transaction. */
PdStatus *pd_print_job_done(PdStore *store, gint64 id);

#define PD_PDF_MOST_BYTES (16 * 1024 * 1024)

/* HTML as PDF, by weasyprint: no network, bounded in time (60 s) and size. Caller frees. */
PdStatus *pd_pdf_make(const char *html, GBytes **pdf);

#endif
