/* body.h: what a message's reader sees, and what is attached. */
#ifndef POSTDESK_MAIL_BODY_H
#define POSTDESK_MAIL_BODY_H

#include "reading.h"
#include <gmime/gmime.h>

/* Walks the tree and fills the reading's text, appended, safe_html and report, and the mail's
 * attachments and charsets. */
void pd_body_read(PdReading *reading, GMimeObject *root);

#endif
