/* bounce.c: delivery reports: RFC 3464 where there is one, then what servers put into headers,
 * at last the report's words (bounce_words.c). */
#include "bounce.h"

#include "address.h"
#include "header.h"
#include "postdesk/text.h"
#include <string.h>

/* "rfc822; a@b" without its type. Takes value. */
static char *without_type(char *value)
{
    char *semicolon = value != NULL ? strchr(value, ';') : NULL;

    if (semicolon != NULL && semicolon - value < 20)
        memmove(value, semicolon + 1, strlen(semicolon + 1) + 1);
    if (value != NULL)
        g_strstrip(value);
    return value;
}

/* "5.1.1"; NULL for the "550" that some programs put there, which says less than what they cite. */
static char *read_code(const char *paragraph)
{
    char *status = pd_bounce_field(paragraph, "Status");

    if (status == NULL)
        return NULL;
    status[strspn(status, "0123456789.")] = '\0';
    if (*status != '\0' && strchr(status, '.') == NULL)
        g_clear_pointer(&status, g_free);
    return status;
}

static void read_paragraph(PdMail *mail, const char *paragraph)
{
    g_autofree char *final = without_type(pd_bounce_field(paragraph, "Final-Recipient"));
    g_autofree char *original = without_type(pd_bounce_field(paragraph, "Original-Recipient"));
    g_autofree char *actual = without_type(pd_bounce_field(paragraph, "X-Actual-Recipient"));
    g_autofree char *action = pd_bounce_field(paragraph, "Action");
    g_autofree char *address = pd_bounce_address(original);

    if (final == NULL && original == NULL)
        return;
    if (address == NULL)
        address = pd_bounce_address(final);
    if (address == NULL)
        address = pd_bounce_address(actual);
    if (address == NULL)
        return;
    if (action != NULL)
        action[strcspn(action, " \t;(")] = '\0';
    PdBounceRecipient *recipient =
        pd_bounce_add(mail, address, action != NULL && *action != '\0' ? action : "failed");
    if (recipient == NULL || recipient->status != NULL)
        return;
    recipient->status = read_code(paragraph);
    if (recipient->diagnostic == NULL) /* the address may come twice without a status */
        recipient->diagnostic = without_type(pd_bounce_field(paragraph, "Diagnostic-Code"));
    if (recipient->status == NULL && recipient->diagnostic != NULL)
        recipient->status = pd_bounce_status_in(recipient->diagnostic);
}

/* The field with which this paragraph tells of a recipient first, or NULL. */
static const char *first_field(const char *paragraph)
{
    static const char *const fields[] = {
        "\nFinal-Recipient:", "\nOriginal-Recipient:", "\nAction:"};
    const char *first = NULL;
    const char *earliest = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        gsize length = strlen(fields[i] + 1);
        const char *found = g_ascii_strncasecmp(paragraph, fields[i] + 1, length) == 0
                                ? paragraph
                                : strcasestr(paragraph, fields[i]);
        if (found != NULL && (earliest == NULL || found < earliest)) {
            earliest = found;
            first = fields[i];
        }
    }
    return first;
}

/* Some programs leave away the empty line between two recipients: then the field that the first
 * began with begins the next. */
static void read_recipients(PdMail *mail, char *paragraph)
{
    const char *field = first_field(paragraph);
    char *first = field != NULL ? strcasestr(paragraph, field + 1) : NULL;
    char *next = first != NULL ? strcasestr(first, field) : NULL;

    for (guint i = 0; next != NULL && i < PD_BOUNCE_MOST_RECIPIENTS; i++) {
        *next = '\0';
        read_paragraph(mail, paragraph);
        paragraph = next + 1;
        next = strcasestr(paragraph, field);
    }
    read_paragraph(mail, paragraph);
}

static void read_status(PdMail *mail, const char *status)
{
    g_auto(GStrv) paragraphs = g_strsplit(status, "\n\n", 2 * PD_BOUNCE_MOST_RECIPIENTS);

    for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++)
        read_recipients(mail, *paragraph);
}

static void read_failed_recipients(PdReading *reading)
{
    for (guint i = 0; i < reading->raw->len; i++) {
        const PdRawHeader *header = reading->raw->pdata[i];
        if (g_ascii_strcasecmp(header->name, "X-Failed-Recipients") != 0)
            continue;
        g_autoptr(GPtrArray) list = pd_addresses_parse(header->value, NULL);
        for (guint a = 0; a < list->len; a++) {
            const PdAddress *address = list->pdata[a];
            pd_bounce_add(reading->mail, address->address, "failed");
        }
    }
}

/* The Message-ID field of the returned message's headers, wherever they stand. */
static char *original_id(const char *text)
{
    for (const char *at = text; at != NULL && (at = strcasestr(at, "message-id:")) != NULL; at++) {
        if (at > text && strchr("\n\t >", at[-1]) == NULL)
            continue;
        g_autofree char *value = g_strndup(at + 11, 1200);
        g_strdelimit(value, "\r\n", ' ');
        char *open = strchr(value, '<');
        if (open == NULL || open - value > 8)
            continue;
        char *close = strchr(open, '>');
        if (close != NULL) /* else all that is at hand, up to its end */
            close[1] = '\0';
        g_autoptr(GPtrArray) ids = pd_header_message_ids(open);
        if (ids->len > 0)
            return g_strdup(ids->pdata[0]);
    }
    return NULL;
}

static char *original_subject(const char *headers)
{
    g_autofree char *value = headers != NULL ? pd_bounce_field(headers, "Subject") : NULL;

    return value != NULL ? pd_header_decode(value, strlen(value), NULL, NULL) : NULL;
}

/* {"emailAddress":"a@b", …} of a notification in JSON, also of one inside another. */
static void read_notification(PdMail *mail)
{
    static const char key[] = "emailAddress";
    const char *at = mail->full_text;

    if (*at != '{')
        return;
    while ((at = strstr(at, key)) != NULL) {
        at += strlen(key);
        at += strspn(at, "\\\": ");
        g_autofree char *address = g_strndup(at, MIN(strcspn(at, "\\\""), 254));
        if (strchr(address, '@') != NULL)
            pd_bounce_add(mail, address, "failed");
    }
}

/* A report that names nobody, of somebody who is named elsewhere. */
static void take_nameless_status(PdMail *mail, const char *report)
{
    PdBounceRecipient *only = mail->bounce->len == 1 ? mail->bounce->pdata[0] : NULL;

    if (only == NULL || only->status != NULL || report == NULL)
        return;
    only->status = read_code(report);
}

static void take_as_delayed(PdMail *mail)
{
    for (guint i = 0; i < mail->bounce->len; i++) {
        PdBounceRecipient *recipient = mail->bounce->pdata[i];
        g_free(recipient->action);
        recipient->action = g_strdup("delayed");
    }
}

void pd_bounce_read(PdReading *reading)
{
    PdMail *mail = reading->mail;

    if (mail->origin != PD_ORIGIN_BOUNCE && reading->report.delivery_status == NULL &&
        !reading->is_delay)
        return;
    if (reading->report.delivery_status != NULL)
        read_status(mail, reading->report.delivery_status);
    if (mail->bounce->len == 0 && reading->report.disposition != NULL)
        read_status(mail, reading->report.disposition);
    if (mail->bounce->len == 0)
        read_failed_recipients(reading);
    if (mail->bounce->len == 0)
        read_notification(mail);
    if (mail->bounce->len == 0)
        read_status(mail, mail->full_text);
    if (mail->bounce->len == 0)
        pd_bounce_read_words(reading);
    take_nameless_status(mail, reading->report.delivery_status);
    if (reading->is_delay)
        take_as_delayed(mail);
    pd_bounce_explain(mail);
    pd_bounce_weigh(mail);
    mail->bounce_subject = original_subject(reading->report.original_headers);
    mail->bounce_original = original_id(reading->report.original_headers);
    if (mail->bounce_original == NULL)
        mail->bounce_original = original_id(mail->full_text);
}
