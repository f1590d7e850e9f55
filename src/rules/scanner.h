/* scanner.h: many patterns looked for in one pass, by Hyperscan or Vectorscan where the program
 * was built with it.
 *
 * A scanner says of each pattern whether it may match a text: a no is sure, a yes is to be
 * confirmed. Where there is no such library, or not on this processor, there is no scanner, and
 * everything goes on without one.
 */
#ifndef RULES_SCANNER_H
#define RULES_SCANNER_H

#include <glib.h>

typedef struct pd_scanner PdScanner;

/* The library and its version, part of the key of what is kept; NULL: there is none here. */
const char *pd_scanner_library(void);

/* Of weakened patterns (weaken.h) with their ids; may take long. taken[i]: whether the scanner
 * knows the pattern (some are too large for it). NULL: it knows none. */
PdScanner *pd_scanner_compile(const char *const *patterns, const guint *ids, guint count,
                              gboolean *taken);
void pd_scanner_free(PdScanner *scanner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdScanner, pd_scanner_free)

/* To be kept and read again, by the same library on the same kind of processor. NULL: it fails. */
GBytes *pd_scanner_write(const PdScanner *scanner);
PdScanner *pd_scanner_read(const void *bytes, gsize length);

/* Makes found[id] TRUE for each pattern that may match, and adds its id. FALSE: it failed, nothing
 * is known. */
gboolean pd_scanner_scan(PdScanner *scanner, const char *text, gsize length, guint8 *found,
                         GArray *ids);

#endif
