/* scan.h: one cheap pass over a raw body before a tree is built of it. */
#ifndef POSTDESK_MAIL_SCAN_H
#define POSTDESK_MAIL_SCAN_H

#include "postdesk/hash.h"
#include <glib.h>

typedef struct pd_scan PdScan;

/* content_type: raw value of the message's Content-Type, or NULL. The body is added to
 * hash with line ends as LF and those at its very end left away. */
PdScan *pd_scan_new(const char *content_type, PdHash *hash);
void pd_scan_free(PdScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdScan, pd_scan_free)

/* Bytes in order. Only the last call may end inside a line; a longer line than
 * fits a buffer may be cut anywhere. */
void pd_scan_add(PdScan *scan, const char *bytes, gsize length);

/* NULL, or why no tree must be built: too many parts, or headers beyond the limit. */
const char *pd_scan_verdict(const PdScan *scan);

#endif
