/* printer.h: a process beside the clock role that makes PDFs for it: the role may start no
 * programs, and what reads foreign text to typeset it sees no store. */
#ifndef PD_ROLES_PRINTER_H
#define PD_ROLES_PRINTER_H

#include "postdesk/printing.h"

typedef struct pd_printer PdPrinter;

/* To be called before the role's sandbox, with no store open. */
PdStatus *pd_printer_start(PdPrinter **printer);
void pd_printer_free(PdPrinter *printer);
/* Like pd_pdf_make(). user: the PdPrinter. */
PdStatus *pd_printer_make(const char *html, GBytes **pdf, gpointer user);

#endif
