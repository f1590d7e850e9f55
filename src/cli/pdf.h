/* pdf.h: an HTML document as a PDF file, by WeasyPrint where it is installed. */
#ifndef PD_CLI_PDF_H
#define PD_CLI_PDF_H

#include "postdesk/status.h"

/* Writes the file beside and renames it over. The HTML is ours, and names nothing that would have
 * to be fetched. */
PdStatus *pd_pdf_write(const char *html, const char *path);

#endif
