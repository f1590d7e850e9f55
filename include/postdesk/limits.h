/* limits.h: every hard limit on what is foreign, in one place.
 *
 * Each is far above what honest mail needs, and low enough that the worst mail
 * stays within the memory and the time of one role.
 */
#ifndef POSTDESK_LIMITS_H
#define POSTDESK_LIMITS_H

#define PD_LIMIT_HEADER_BYTES (256 * 1024) /* of one message's header block that is read */
#define PD_LIMIT_HEADERS 1000              /* header fields that are looked at */
#define PD_LIMIT_PARTS 1000               /* MIME parts; beyond: quarantine or ticket with a note */
#define PD_LIMIT_DEPTH 64                 /* nesting of MIME parts that is followed */
#define PD_LIMIT_TEXT_BYTES (1024 * 1024) /* of decoded text that is kept for rules and tickets */
#define PD_LIMIT_HTML_BYTES (4 * 1024 * 1024)      /* of HTML that is rendered */
#define PD_LIMIT_TNEF_BYTES (16 * 1024 * 1024)     /* of a winmail.dat that is opened */
#define PD_LIMIT_EMBEDDED_BYTES (16 * 1024 * 1024) /* of an encoded message that is opened */
#define PD_LIMIT_HTML_DEPTH 256                    /* nesting of elements */
#define PD_LIMIT_ADDRESSES 500                     /* in one address header */
#define PD_LIMIT_REFERENCES 100                  /* Message-IDs that are followed, the last ones */
#define PD_LIMIT_MESSAGE_ID 998                  /* bytes */
#define PD_LIMIT_SUBJECT_BYTES 2000              /* of a subject that is kept */
#define PD_LIMIT_NAME_BYTES 255                  /* of an attachment's name */
#define PD_LIMIT_CONFIG_BYTES (16 * 1024 * 1024) /* one YAML file */
#define PD_LIMIT_YAML_DEPTH 64
#define PD_LIMIT_YAML_NODES 500000           /* values of one YAML file, aliases followed */
#define PD_LIMIT_YAML_LINE (64 * 1024)       /* bytes; longer ones make the library's memory grow */
#define PD_LIMIT_PATTERN_BYTES (1024 * 1024) /* of a rule, or of a whole list of words */
#define PD_LIMIT_MATCH 1000000               /* PCRE2 match limit */
#define PD_LIMIT_MATCH_DEPTH 10000
#define PD_LIMIT_MATCH_HEAP_KIB 20480
#define PD_LIMIT_PROTOCOL_LINE (64 * 1024) /* one line of a server's answer */
#define PD_LIMIT_REPLY_BYTES (256 * 1024)  /* one answer of a server besides bodies */
#define PD_LIMIT_RECIPIENTS 50             /* of one plan's mails */

/* What is read of the text of one attachment, and of all of a mail's. */
#define PD_LIMIT_ATTACHMENT_TEXT ((gsize)64 * 1024)
#define PD_LIMIT_ATTACHMENT_TEXTS ((gsize)256 * 1024)

#endif
