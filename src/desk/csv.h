/* csv.h: tables as RFC 4180 writes them, and as spreadsheets do. */
#ifndef DESK_CSV_H
#define DESK_CSV_H

#include "postdesk/status.h"
#include <glib.h>

typedef struct {
    guint line;       /* in the file, where the row begins; from 1 */
    GPtrArray *cells; /* of char *: UTF-8, white space at the ends taken off */
} PdCsvRow;

/* The rows that hold anything. The separator (comma, semicolon, tab) is the one of the first
 * line, or what Excel's "sep=;" says; bytes that are neither UTF-8 nor, with a byte order mark,
 * UTF-16 are taken for GB18030, as Chinese spreadsheets write it. */
PdStatus *pd_csv_read(const char *path, GPtrArray **rows); /* of PdCsvRow * */

#endif
