/* reading.h: a message while it is being read: what the files of this room hand each other. */
#ifndef POSTDESK_MAIL_READING_H
#define POSTDESK_MAIL_READING_H

#include "note.h"
#include "postdesk/mail.h"
#include <glib.h>
#include <gmime/gmime.h>

/* Parts that are written for programs; each is NULL unless the message has it. */
typedef struct {
    char *delivery_status;  /* message/delivery-status, UTF-8 */
    char *feedback;         /* message/feedback-report */
    char *disposition;      /* message/disposition-notification */
    char *original_headers; /* header block of the message that is returned, raw */
} PdReportParts;

typedef struct {
    PdMail *mail;
    const PdMailOptions *options;
    GPtrArray *raw; /* of PdRawHeader * */
    PdReportParts report;
    char *content_type; /* "multipart/report" */
    char *report_type;  /* its parameter, lower case, or NULL */
    char *header_hint;  /* the charset that raw bytes in headers may have, or NULL */

    /* what the parts give, before the new text is told from the quote */
    GString *text;
    GString *appended;  /* shown behind the text: forwarded messages, invitations */
    GString *safe_html; /* NULL unless asked for */
    gboolean flowed;    /* text was format=flowed: already unwrapped */
    guint parts;
    GMimeStream *stream;     /* what the tree was built from, while it is read; else NULL */
    GPtrArray *boundaries;   /* of const char *: of the multiparts around the part being read */
    guint alternatives;      /* multiparts around whose text is shown already */
    guint embedded;          /* encoded messages that are open, one in another */
    GMimeObject *unfinished; /* the last part where nothing says that it is whole, or NULL */
    GHashTable *removed;     /* what was taken out of the HTML (html.h) */
    guint replaced;
    gboolean answers_invitation; /* a calendar's "accepted", "declined" */
    gboolean says_nothing;       /* no text of the message's own */
    gboolean is_delay;           /* a report in words that the mail is late */
} PdReading;

/* For what names no charset itself. */
static inline const char *pd_reading_prior(const PdReading *reading)
{
    const PdMailOptions *options = reading->options;

    return options->charset != NULL ? options->charset : options->default_charset;
}

/* For raw bytes in headers: a program writes them as it writes the text. */
static inline const char *pd_reading_header_prior(const PdReading *reading)
{
    return reading->options->charset == NULL && reading->header_hint != NULL
               ? reading->header_hint
               : pd_reading_prior(reading);
}

#endif
