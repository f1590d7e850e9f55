/* notice.h: reports about mail: deliveries, receipts, complaints, statistics of its traffic. */
#ifndef POSTDESK_MAIL_NOTICE_H
#define POSTDESK_MAIL_NOTICE_H

#include "reading.h"

/* TRUE if the message is one; then its origin is concluded. */
gboolean pd_notice_find(PdReading *reading);

#endif
