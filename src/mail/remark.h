/* remark.h: replies that say so little that nobody need act on them. */
#ifndef POSTDESK_MAIL_REMARK_H
#define POSTDESK_MAIL_REMARK_H

#include "reading.h"

/* Fills the mail's remark; its origin and its new text are read already. */
void pd_remark_read(PdReading *reading);

#endif
