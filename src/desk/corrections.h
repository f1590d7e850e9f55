/* corrections.h: what people made of what the rules had set. */
#ifndef DESK_CORRECTIONS_H
#define DESK_CORRECTIONS_H

#include "postdesk/tickets.h"

/* The last event by which a person set the field, by mail or at the command line; what the clock,
 * the desk and the rules do is no correction. NULL if nobody touched it. Borrowed. */
const PdEvent *pd_correction(const GPtrArray *events, const char *field);
/* What it set the field to; NULL for NULL. Borrowed. */
const char *pd_correction_value(const PdEvent *correction, const char *field);

#endif
