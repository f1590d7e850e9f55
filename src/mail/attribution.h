/* attribution.h: "On … wrote:", the line with which a program says whom it quotes. */
#ifndef POSTDESK_MAIL_ATTRIBUTION_H
#define POSTDESK_MAIL_ATTRIBUTION_H

#include "separator.h"

/* How many lines from here on are an attribution; 0 if none. */
guint pd_attribution_lines(const PdLine *lines, guint count);
/* "10:00" or "9.30" stands in it. */
gboolean pd_line_tells_time(const PdLine *line);

#endif
