/* signoff.h: what stands below a text and is none of it: signatures, notes of devices, legal
 * notices. */
#ifndef POSTDESK_MAIL_SIGNOFF_H
#define POSTDESK_MAIL_SIGNOFF_H

#include "separator.h"

/* The mark before a signature. */
gboolean pd_line_is_signature_mark(const PdLine *line);
/* What a device or a program adds ("Sent from my …"). */
gboolean pd_line_is_device_note(const PdLine *line);
/* "Problem: …", and not "Tel: …": a line of a form, which no signature has. */
gboolean pd_line_tells_matter(const PdLine *line);
/* The beginning of a legal notice. */
gboolean pd_line_is_disclaimer(const PdLine *line);

#endif
