/* quoted_label.h: the labels with which mail programs repeat the header of what they quote. */
#ifndef POSTDESK_MAIL_QUOTED_LABEL_H
#define POSTDESK_MAIL_QUOTED_LABEL_H

#include "separator.h"

typedef enum {
    PD_LABEL_NONE = 0,
    PD_LABEL_FROM = 1,
    PD_LABEL_DATE = 2,
    PD_LABEL_TO = 4,
    PD_LABEL_SUBJECT = 8,
    PD_LABEL_OTHER = 16
} PdLabel;

/* Where the label of "Label: value" ends, or NULL. */
const char *pd_label_end(const PdLine *line);
/* The kind of "Label: value"; stars and spaces in the label aside, "主　题：" is "主题：". */
PdLabel pd_label_of(const PdLine *line);
/* The kind of "Label value": some programs leave the colon away. Where nothing else tells that a
 * header is quoted this means nothing. */
PdLabel pd_label_bare(const PdLine *line);
/* The kind of a line that is nothing but a label, and no colon. */
PdLabel pd_label_alone(const PdLine *line);

#endif
