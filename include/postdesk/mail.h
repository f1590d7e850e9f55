/* mail.h: what is in a message (the only room that knows GMime).
 *
 * pd_mail_read() understands one raw message and gives a record of what was
 * found. Reading never fails for what the message says: whatever is broken is
 * told in `defects`; only a descriptor that cannot be read, or a message beyond
 * the hard limits, is an error. The record owns all it points to. All text is valid UTF-8
 * with LF line ends and is otherwise as the sender wrote it: it is foreign, and
 * must be escaped for whatever it is put into.
 */
#ifndef POSTDESK_MAIL_H
#define POSTDESK_MAIL_H

#include "postdesk/hash.h"
#include "postdesk/json.h"
#include "postdesk/status.h"
#include <glib.h>
#include <sys/types.h>

typedef struct {
    char *name;    /* display name, may be "" */
    char *address; /* local@domain as written, the domain in ASCII */
} PdAddress;

typedef struct {
    char *name;                  /* cleaned of path and control characters; "" if none was given */
    char *type;                  /* "image/png" */
    guint64 size;                /* decoded bytes */
    guint8 sha256[PD_HASH_SIZE]; /* of the decoded bytes */
    gboolean is_inline;
    char *content_id; /* without angle brackets, or NULL */
    char *found_type; /* what its first bytes show it to be, or NULL where they do not tell */
    gboolean differs; /* found_type is not what its type or its name claims */
    char *text;       /* the beginning of what it says; filled only when asked for, else NULL */
} PdAttachment;

/* The decoded bytes of an attachment in pieces; then once with bytes NULL, when size and digest
 * are known. Name and type are known from the first piece on. */
typedef void (*PdAttachmentSink)(const PdAttachment *attachment, const char *bytes, gsize length,
                                 gpointer user);

typedef struct {
    char *part;     /* "1.2", or "header" */
    char *declared; /* or NULL */
    char *used;
    char *why; /* "declared", "superset", "valid UTF-8", "guess", "fallback", "chosen" */
} PdCharsetChoice;

typedef enum {
    PD_ORIGIN_PERSON,
    PD_ORIGIN_AUTO_REPLY,
    PD_ORIGIN_BOUNCE,
    PD_ORIGIN_REPORT,
    PD_ORIGIN_MACHINE,
    PD_ORIGIN_SELF, /* a mail of this desk came back */
} PdOrigin;

/* All that a person's text says, where nobody need act on it. */
typedef enum {
    PD_REMARK_NONE,
    PD_REMARK_THANKS,  /* thanks, or a confirmation that all is well, and nothing else */
    PD_REMARK_ABSENCE, /* reads like an out-of-office note, though no header says so */
} PdRemark;

typedef enum { PD_VIA_DIRECT, PD_VIA_LIST, PD_VIA_REDIRECT, PD_VIA_BCC } PdVia;

/* What a bounce means for further mails to the address. */
typedef enum {
    PD_BOUNCE_NONE, /* nothing: it was delivered */
    PD_BOUNCE_SOFT, /* it failed this time, or is late */
    PD_BOUNCE_HARD, /* nobody has this address */
} PdBounceWeight;

typedef struct {
    char *address;
    PdBounceWeight weight;
    char *action;     /* "failed", "delayed", "delivered", … */
    char *status;     /* "5.1.1", or NULL */
    char *diagnostic; /* or NULL */
} PdBounceRecipient;

typedef enum {
    PD_AUTH_RESULT_NONE,
    PD_AUTH_RESULT_PASS,
    PD_AUTH_RESULT_FAIL,
    PD_AUTH_RESULT_OTHER
} PdAuthResult;

typedef enum {
    PD_SIGNED_UNCHECKED, /* nobody looked, or there are no keys to look with */
    PD_SIGNED_GOOD,
    PD_SIGNED_BAD,
    PD_SIGNED_NO_KEY, /* the key is unknown, or its certificate leads to no trusted one */
    PD_SIGNED_EXPIRED,
    PD_SIGNED_UNFIT, /* the certificate is for something else, such as encryption */
    PD_SIGNED_ERROR,
} PdSignedResult;

/* An S/MIME or PGP signature of the whole message. */
typedef struct {
    char *form; /* "pgp" or "smime" */
    PdSignedResult result;
    char *signer_name, *signer; /* name and address that the key carries, or NULL */
    char *fingerprint;          /* or NULL */
    gint64 created;             /* when, by the signer's clock; 0: it does not say */
    gboolean aligned;           /* good, and by the address that From shows */
    char *why;                  /* what went wrong, or NULL */
} PdMailSigned;

typedef struct {
    char *name;  /* as written, without the colon */
    char *value; /* decoded, unfolded */
} PdHeader;

typedef struct {
    char *message_id;       /* without angle brackets, or NULL */
    GPtrArray *in_reply_to; /* of char *, without angle brackets */
    GPtrArray *references;  /* of char *, oldest first */
    char *conversation;     /* what the Thread-Index of all its mails has in common, or NULL */
    gboolean answers_conversation; /* it is not the first mail of it */
    gint64 date;                   /* microseconds since 1970 UTC, 0 if absent or senseless */
    PdAddress *from;               /* the first author, or NULL */
    gboolean has_several_authors;
    PdAddress *sender;             /* or NULL */
    GPtrArray *reply_to, *to, *cc; /* of PdAddress * */
    GPtrArray *delivered_to;       /* of char *: Delivered-To, X-Original-To, Envelope-To */
    char *subject;                 /* "" if absent */
    char *language;        /* "zh_CN", "en" or another ISO 639 code; "" if it cannot be told */
    char *text;            /* what is new: quotes and signature taken off */
    char *quoted;          /* what was taken off as quote, or "" */
    gboolean is_passed_on; /* the quote is what somebody passes on, and not what he answers */
    char *own_text;     /* the text without it, while pd_mail_take_passed_on() has it in; or NULL */
    char *signature;    /* or "" */
    char *full_text;    /* all of the text, the quote and the signature included */
    char *html;         /* sanitised, or NULL; filled only when asked for */
    GPtrArray *removed; /* of char *: what was taken out of it, "element script: 2" */
    GPtrArray *attachments; /* of PdAttachment * */
    GPtrArray *charsets;    /* of PdCharsetChoice * */
    GPtrArray *headers;     /* of PdHeader *, in order, at most PD_LIMIT_HEADERS */
    PdOrigin origin;
    PdVia via;
    PdRemark remark;
    GPtrArray *evidence;   /* of char *: why this origin and this way */
    gboolean list_address; /* From or Reply-To is a list's address */
    GPtrArray *bounce;     /* of PdBounceRecipient *, empty unless a bounce */
    char *bounce_original; /* Message-ID of the mail that bounced, or NULL */
    char *bounce_subject;  /* its subject, where its headers were returned apart, or NULL */
    PdAuthResult spf, dkim, dmarc;
    gboolean spf_aligned, dkim_aligned; /* passed, for the domain that From shows */
    char *auth_by;                      /* authserv-id believed, or NULL */
    guint auth_doubtful;                /* fields in its name that the sender may have written */
    PdMailSigned *signed_by;            /* or NULL: it carries no signature */
    GPtrArray *defects;                 /* of char *: what is broken in the message */
    guint64 size;                       /* raw bytes */
    guint8 content_hash[PD_HASH_SIZE];  /* over body and author's headers, not over trace
                                           headers and line ends: equal for copies of one mail */
    gboolean truncated; /* only the headers are here: the message was over the limit */
} PdMail;

/* What the reader must know of the desk; all borrowed, NULL where nothing. */
typedef struct {
    const char *const *own_addresses; /* of the desk; plus details are ignored */
    const char *const *authserv_ids;  /* whose Authentication-Results are believed */
    const char *default_charset;
    const char *charset;              /* a person says how all of it is written, or NULL */
    gboolean with_html;               /* fill PdMail.html */
    gboolean with_attachment_text;    /* fill PdAttachment.text of text, CSV and HTML */
    gboolean truncated;               /* the bytes are the header block only */
    PdAttachmentSink attachment_sink; /* what is attached goes there as well, or NULL */
    gpointer sink_user;
} PdMailOptions;

/* Reads length bytes at offset of a seekable descriptor; memory stays small
 * whatever the size of attachments. */
PdStatus *pd_mail_read(int fd, off_t offset, gsize length, const PdMailOptions *options,
                       PdMail **mail);
/* Can it be read? */
gboolean pd_mail_knows_charset(const char *charset);
PdStatus *pd_mail_read_bytes(const char *bytes, gsize length, const PdMailOptions *options,
                             PdMail **mail);
void pd_mail_free(PdMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdMail, pd_mail_free)

/* The first value of a header, or NULL. */
const char *pd_mail_header(const PdMail *mail, const char *name);
/* What stands behind the "Re:", "Fwd:", "回复：" or their like at its beginning, a place in the
 * subject; the subject itself where there is none. *is_answer: it is no mark of a forward. */
const char *pd_subject_skip_mark(const char *subject, gboolean *is_answer);
/* The same behind "[External]", "【外部邮件】", which gateways put there; the subject itself also
 * where nothing stands behind them. */
const char *pd_subject_skip_tags(const char *subject);
/* The length of a "[#123]" at the text, 0 if there is none; *number is what it says. */
gsize pd_subject_mark_at(const char *text, gint64 *number);
gboolean pd_subject_has_number(const char *subject); /* anywhere */
/* Has what somebody passes on in the text, behind his own words, or (taken FALSE) takes it out
 * again. Nothing where the mail passes nothing on. */
void pd_mail_take_passed_on(PdMail *mail, gboolean taken);
/* A bounce, or a notice that a mail is late: it is about a mail that this desk may have sent. */
gboolean pd_mail_tells_of_failure(const PdMail *mail);
/* The address answers go to: Reply-To where it belongs to the same person or domain
 * as From, else From. NULL if nobody can be answered. */
const PdAddress *pd_mail_answer_address(const PdMail *mail);

/* The address is that of a list which the mail came by. */
gboolean pd_mail_is_list(const PdMail *mail, const char *address);

const char *pd_origin_name(PdOrigin origin); /* "person", "auto_reply", … */
const char *pd_via_name(PdVia via);
const char *pd_remark_name(PdRemark remark);              /* "none", "thanks", "absence" */
const char *pd_bounce_weight_name(PdBounceWeight weight); /* "none", "soft", "hard" */
const char *pd_auth_result_name(PdAuthResult result);     /* "none", "pass", "fail", "other" */

/* The document of "parse --json", as design.md lists it. */
PdJson *pd_mail_to_json(const PdMail *mail);
/* Its attachments alone, as they are kept with a stored message. */
PdJson *pd_mail_attachments_json(const PdMail *mail);
/* The recipients of a bounce alone, as they are kept with a ticket. */
PdJson *pd_mail_bounce_json(const PdMail *mail);

/* Verifies the signature of a message against the keys in $GNUPGHOME; NULL if it carries none. This
 * runs gpg or gpgsm on foreign bytes: only the helper calls it (signature.h). Caller frees. */
PdMailSigned *pd_mail_verify(const char *bytes, gsize length);
/* Takes it into the record and compares its signer with From. */
void pd_mail_set_signed(PdMail *mail, PdMailSigned *taken);
void pd_mail_signed_free(PdMailSigned *made);
PdJson *pd_mail_signed_json(const PdMailSigned *made); /* null for NULL */
PdMailSigned *pd_mail_signed_from_json(const PdJson *object);
const char *pd_signed_result_name(PdSignedResult result); /* "unchecked", "good", … */

PdAddress *pd_address_new(const char *name, const char *address);
void pd_address_free(PdAddress *address);
/* Same mailbox: letter case aside. */
gboolean pd_address_equal(const char *one, const char *other);
/* Their domains belong to one organisation, as DMARC compares them. */
gboolean pd_address_same_domain(const char *one, const char *other);
/* A program sends from it and nobody reads what it gets, as far as its local part tells. */
gboolean pd_address_is_unread(const char *address);
/* At a provider where anybody gets a mailbox: its domain tells nothing of whom he works for. */
gboolean pd_address_is_public(const char *address);
/* "user+detail@host": "detail", or NULL. Caller frees. Base: "user@host". */
char *pd_address_detail(const char *address);
char *pd_address_base(const char *address);

#endif
