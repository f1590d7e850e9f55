/* encoded.h: files in base64 that two messages hold, whatever the widths of their lines are. */
#ifndef PD_STORE_ENCODED_H
#define PD_STORE_ENCODED_H

#include "common.h"

/* As pd_common_ranges(), of what base64 says: from the first byte to the last of files that both
 * hold, each in lines of one width of its own (a last one may be shorter) with one kind of line
 * end. What is broken otherwise, or encoded otherwise, is not found. */
PdStatus *pd_common_files(PdRawView *home, PdRawView *own, GArray **ranges);

#endif
