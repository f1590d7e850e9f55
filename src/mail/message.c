/* message.c: one raw message into a PdMail.
 *
 * The message's own header block is parsed here; GMime sees only its content headers and the
 * body, so that a message's hundred trace headers cost little. A body is first scanned
 * (scan.h): of one that is beyond the limits no tree is built, and the record holds the headers
 * alone. Up to IN_MEMORY bytes are read at once; larger messages stream from the descriptor.
 */
#include "address.h"
#include "body.h"
#include "bounce.h"
#include "charset.h"
#include "conversation.h"
#include "header.h"
#include "html.h"
#include "language.h"
#include "origin.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include "quote.h"
#include "reading.h"
#include "record.h"
#include "remark.h"
#include "sign.h"
#include "signed.h"
#include "source.h"
#include "trust.h"
#include <gmime/gmime.h>
#include <string.h>

#define IN_MEMORY (1024 * 1024)

/* Addresses of all headers of that name. */
static GPtrArray *addresses_of(const PdReading *reading, const char *name)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)pd_address_free);

    for (guint i = 0; i < reading->raw->len; i++) {
        const PdRawHeader *header = reading->raw->pdata[i];
        if (!pd_header_is_named(header->name, name))
            continue;
        GPtrArray *some = pd_addresses_parse(header->value, pd_reading_header_prior(reading));
        if (all->len + some->len <= PD_LIMIT_ADDRESSES)
            g_ptr_array_extend_and_steal(all, some);
        else
            g_ptr_array_unref(some);
    }
    return all;
}

static PdAddress *first_address(const PdReading *reading, const char *name)
{
    g_autoptr(GPtrArray) list = addresses_of(reading, name);

    return list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

static void read_authors(PdReading *reading)
{
    g_autoptr(GPtrArray) list = addresses_of(reading, "From");

    reading->mail->has_several_authors = list->len > 1;
    if (list->len > 0)
        reading->mail->from = g_ptr_array_steal_index(list, 0);
}

static void read_delivered_to(PdReading *reading)
{
    static const char *const names[] = {"Delivered-To", "X-Original-To", "Envelope-To"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GPtrArray) list = addresses_of(reading, names[i]);
        for (guint a = 0; a < list->len; a++) {
            const PdAddress *address = list->pdata[a];
            g_ptr_array_add(reading->mail->delivered_to, g_strdup(address->address));
        }
    }
}

static void add_header(PdReading *reading, const PdRawHeader *raw)
{
    PdHeader *header = g_new(PdHeader, 1);
    PdCharsetChoice *choice = NULL;

    header->name = g_strdup(raw->name);
    header->value =
        pd_header_decode(raw->value, raw->length, pd_reading_header_prior(reading), &choice);
    g_ptr_array_add(reading->mail->headers, header);
    if (choice == NULL)
        return;
    if (reading->mail->charsets->len < PD_LIMIT_PARTS)
        g_ptr_array_add(reading->mail->charsets, choice);
    else
        pd_charset_choice_free(choice);
}

static void read_ids(PdReading *reading)
{
    PdMail *mail = reading->mail;
    GPtrArray *own = pd_header_message_ids(pd_headers_get(reading->raw, "Message-ID"));

    mail->message_id = own->len > 0 ? g_strdup(own->pdata[0]) : NULL;
    g_ptr_array_unref(own);
    mail->in_reply_to = pd_header_message_ids(pd_headers_get(reading->raw, "In-Reply-To"));
    mail->references = pd_header_message_ids(pd_headers_get(reading->raw, "References"));
    mail->conversation = pd_conversation_of(pd_headers_get(reading->raw, "Thread-Index"),
                                            &mail->answers_conversation);
    if (mail->message_id == NULL)
        pd_note(mail->defects, "no Message-ID");
}

/* Where a header holds raw bytes, the text is the best hint to what they are. */
static char *hint_for_headers(const PdReading *reading, const PdSource *source, gsize body)
{
    gboolean raw = FALSE;

    for (guint i = 0; i < reading->raw->len && !raw; i++) {
        const PdRawHeader *header = reading->raw->pdata[i];
        raw = !pd_charset_is_plain(header->value, header->length);
    }
    if (!raw)
        return NULL;
    g_autofree char *named =
        pd_header_parameter(pd_headers_get(reading->raw, "Content-Type"), "charset", NULL);
    gsize begin = MIN(body, source->at_hand);
    return pd_charset_hint(named, source->bytes + begin, source->at_hand - begin,
                           pd_reading_prior(reading));
}

static void read_headers(PdReading *reading)
{
    PdMail *mail = reading->mail;

    for (guint i = 0; i < reading->raw->len; i++)
        add_header(reading, reading->raw->pdata[i]);
    const char *subject = pd_mail_header(mail, "Subject");
    if (subject != NULL) {
        g_autofree char *folded = pd_text_fold_space(subject);
        g_free(mail->subject);
        mail->subject = pd_text_shorten(folded, PD_LIMIT_SUBJECT_BYTES);
    }
    read_ids(reading);
    mail->date = pd_header_date(pd_headers_get(reading->raw, "Date"));
    read_authors(reading);
    mail->sender = first_address(reading, "Sender");
    mail->reply_to = addresses_of(reading, "Reply-To");
    mail->to = addresses_of(reading, "To");
    mail->cc = addresses_of(reading, "Cc");
    read_delivered_to(reading);
    if (mail->from == NULL)
        pd_note(mail->defects, "no address in From");
    if (mail->date == 0)
        pd_note(mail->defects, "no sensible Date");
    reading->content_type = pd_header_token(pd_headers_get(reading->raw, "Content-Type"));
    if (strcmp(reading->content_type, "multipart/report") == 0) {
        g_autofree char *type =
            pd_header_parameter(pd_headers_get(reading->raw, "Content-Type"), "report-type", NULL);
        reading->report_type = g_ascii_strdown(type != NULL ? type : "unknown", -1);
    }
}

/* Cut at a character. */
static void bound_text(PdReading *reading, GString *text)
{
    if (text->len <= PD_LIMIT_TEXT_BYTES)
        return;
    gsize end = PD_LIMIT_TEXT_BYTES;
    while (end > 0 && ((guchar)text->str[end] & 0xc0) == 0x80)
        end--;
    g_string_truncate(text, end);
    pd_note(reading->mail->defects, "only the first %d bytes of the text are kept",
            PD_LIMIT_TEXT_BYTES);
}

/* Foxmail signs with the sender's bare address before what it quotes. */
static void take_address_off(const PdMail *mail, PdQuoteSplit *split)
{
    char *last = strrchr(split->text, '\n');

    if (last == NULL || mail->from == NULL || *split->quoted == '\0' ||
        g_ascii_strcasecmp(last + 1, mail->from->address) != 0)
        return;
    char *signature = *split->signature != '\0'
                          ? g_strconcat(last + 1, "\n", split->signature, NULL)
                          : g_strdup(last + 1);
    g_free(split->signature);
    split->signature = signature;
    *last = '\0';
    g_strchomp(split->text);
}

/* The desk's address with a token behind "+" stands in the desk's mails alone. */
static gboolean goes_to_token(const PdReading *reading)
{
    const GPtrArray *to = reading->mail->to;

    for (guint i = 0; i < to->len; i++) {
        const PdAddress *one = to->pdata[i];
        if (strchr(one->address, '+') != NULL && pd_is_own(reading, one->address))
            return TRUE;
    }
    return FALSE;
}

/* An answer or a forward, also where the mail program or its user cut the usual signs. */
static gboolean is_answer(const PdReading *reading)
{
    return pd_is_reply(reading->mail) || pd_subject_has_number(reading->mail->subject) ||
           goes_to_token(reading);
}

/* What is quoted is news to whoever gets it: it is said to be passed on, or it is in no thread. */
static gboolean passes_on(const PdReading *reading)
{
    const PdMail *mail = reading->mail;
    const char *subject = pd_subject_skip_tags(mail->subject);
    gboolean is_answer;
    gboolean is_marked = pd_subject_skip_mark(subject, &is_answer) != subject;

    if (mail->quoted[0] == '\0' || pd_subject_has_number(mail->subject) || goes_to_token(reading))
        return FALSE;
    return is_marked ? !is_answer : mail->in_reply_to->len == 0 && mail->references->len == 0;
}

/* What is new, what was quoted, what signs. */
static void split_text(PdReading *reading)
{
    PdMail *mail = reading->mail;
    g_autoptr(GString) new_text = NULL;

    bound_text(reading, reading->text);
    bound_text(reading, reading->appended);
    PdQuoteSplit split;
    pd_quote_split(reading->text->str, is_answer(reading), &split);
    take_address_off(mail, &split);
    new_text = g_string_new(split.text);
    reading->says_nothing = split.text[strspn(split.text, " \t\n")] == '\0';
    if (reading->appended->len > 0) {
        if (new_text->len > 0)
            g_string_append(new_text, "\n\n");
        g_string_append(new_text, reading->appended->str);
        g_string_append_printf(reading->text, "%s%s", reading->text->len > 0 ? "\n" : "",
                               reading->appended->str);
    }
    g_free(split.text);
    mail->text = g_string_free(g_steal_pointer(&new_text), FALSE);
    mail->quoted = split.quoted;
    mail->signature = split.signature;
    mail->is_passed_on = passes_on(reading);
    mail->full_text = g_string_free(g_steal_pointer(&reading->text), FALSE);
}

static void understand(PdReading *reading)
{
    PdMail *mail = reading->mail;

    split_text(reading);
    g_free(mail->language);
    mail->language = pd_language_of(mail->subject, mail->text);
    if (reading->safe_html != NULL && reading->safe_html->len > 0)
        mail->html = g_string_free(g_steal_pointer(&reading->safe_html), FALSE);
    guint removed =
        reading->removed != NULL ? pd_html_removed_list(reading->removed, mail->removed) : 0;
    if (removed > 0)
        pd_note(mail->defects, "HTML: %u unsafe elements or attributes left out", removed);
    pd_trust_read(reading);
    pd_signed_read(reading);
    pd_origin_read(reading);
    pd_bounce_read(reading);
    pd_remark_read(reading);
}

static void clear_reading(PdReading *reading)
{
    g_ptr_array_unref(reading->raw);
    g_ptr_array_unref(reading->boundaries);
    g_free(reading->content_type);
    g_free(reading->report_type);
    g_free(reading->header_hint);
    g_free(reading->report.delivery_status);
    g_free(reading->report.feedback);
    g_free(reading->report.disposition);
    g_free(reading->report.original_headers);
    if (reading->text != NULL)
        g_string_free(reading->text, TRUE);
    if (reading->appended != NULL)
        g_string_free(reading->appended, TRUE);
    g_clear_pointer(&reading->removed, g_hash_table_unref);
    if (reading->safe_html != NULL)
        g_string_free(reading->safe_html, TRUE);
}

/* Bytes before the first header: a line of a mbox file, empty lines. */
static gsize leading_bytes(const PdSource *source)
{
    gsize at = 0;

    while (at < source->at_hand && (source->bytes[at] == '\n' || source->bytes[at] == '\r'))
        at++;
    for (guint i = 0; i < 2; i++) {
        gsize left = source->at_hand - at;
        if (left < 6 || (memcmp(source->bytes + at, "From ", 5) != 0 &&
                         memcmp(source->bytes + at, ">From ", 6) != 0))
            break;
        const char *end = memchr(source->bytes + at, '\n', left);
        if (end == NULL)
            break;
        at = (gsize)(end + 1 - source->bytes);
    }
    return at;
}

/* Splits off the header block; gives where the body begins. */
static gsize read_header_block(PdReading *reading, const PdSource *source)
{
    PdMail *mail = reading->mail;
    gsize begin = leading_bytes(source);
    const char *block = source->bytes + begin;
    gsize length = MIN(source->at_hand - begin, PD_LIMIT_HEADER_BYTES);
    gsize end = length;

    if (!pd_headers_end(block, length, &end) && source->length - begin > length) {
        pd_note(mail->defects, "headers beyond %d bytes", PD_LIMIT_HEADER_BYTES);
        mail->truncated = TRUE;
    }
    guint sound = mail->defects->len;
    reading->raw = pd_headers_parse(block, end, mail->defects);
    gsize text = mail->defects->len > sound ? pd_headers_text(block, end) : end;
    if (text < end) { /* no byte of it is lost: what is no header is read as text */
        pd_note(mail->defects, "no empty line ends the headers");
        g_ptr_array_unref(reading->raw);
        g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
        reading->raw = pd_headers_parse(block, text, known);
        end = text;
    }
    if (reading->raw->len > 0)
        return begin + end;
    pd_note(mail->defects, "no headers");
    mail->truncated = FALSE;
    return begin;
}

/* GMime keeps tables of its own, made once. */
static void prepare_library(void)
{
    static gsize prepared = 0;

    if (g_once_init_enter(&prepared)) {
        g_mime_init();
        g_once_init_leave(&prepared, 1);
    }
}

/* A gateway ended the lines with CR alone: the same with LF, or NULL where it did not. */
static char *with_line_feeds(const PdSource *source)
{
    if (source->fd >= 0 || memchr(source->bytes, '\n', source->length) != NULL ||
        memchr(source->bytes, '\r', source->length) == NULL)
        return NULL;
    char *bytes = g_memdup2(source->bytes, source->length);
    for (char *at = bytes, *end = bytes + source->length;
         (at = memchr(at, '\r', (gsize)(end - at))) != NULL;)
        *at = '\n';
    return bytes;
}

static PdStatus *read_source(const PdSource *source, const PdMailOptions *options, PdMail **mail)
{
    static const PdMailOptions none;
    PdReading reading = {.mail = pd_mail_new(), .options = options != NULL ? options : &none};
    const char *verdict = NULL;

    prepare_library();
    reading.text = g_string_new(NULL);
    reading.appended = g_string_new(NULL);
    reading.boundaries = g_ptr_array_new();
    reading.safe_html = reading.options->with_html ? g_string_new(NULL) : NULL;
    reading.removed = reading.options->with_html ? pd_html_removed_new() : NULL;
    reading.mail->size = source->length;
    reading.mail->truncated = reading.options->truncated;
    gsize body = read_header_block(&reading, source);
    reading.header_hint = hint_for_headers(&reading, source, body);
    read_headers(&reading);
    PdStatus *status = pd_source_scan(&reading, source, body, &verdict);
    if (verdict != NULL) {
        pd_note(reading.mail->defects, "%s: only the message's headers are read", verdict);
        reading.mail->truncated = TRUE;
    }
    if (status == NULL) {
        if (!reading.mail->truncated && source->length > body)
            status = pd_source_read_tree(&reading, source, body);
        if (status == NULL)
            understand(&reading);
    }
    clear_reading(&reading);
    if (status != NULL)
        pd_mail_free(g_steal_pointer(&reading.mail));
    *mail = reading.mail;
    return status;
}

static PdStatus *read_any(const PdSource *source, const PdMailOptions *options, PdMail **mail)
{
    g_autofree char *mended = with_line_feeds(source);
    PdSource readable = *source;

    if (mended != NULL)
        readable.bytes = mended;
    PD_TRY(read_source(&readable, options, mail));
    if (mended != NULL)
        pd_note((*mail)->defects, "lines end with CR alone");
    return NULL;
}

PdStatus *pd_mail_read_bytes(const char *bytes, gsize length, const PdMailOptions *options,
                             PdMail **mail)
{
    PdSource source = {bytes != NULL ? bytes : "", length, length, -1, 0};

    return read_any(&source, options, mail);
}

PdStatus *pd_mail_read(int fd, off_t offset, gsize length, const PdMailOptions *options,
                       PdMail **mail)
{
    gboolean whole = length <= IN_MEMORY;
    gsize at_hand = whole ? length : PD_LIMIT_HEADER_BYTES + 4096;
    g_autofree char *bytes = g_malloc(at_hand + 1);

    *mail = NULL;
    PD_TRY(pd_source_read_at(fd, offset, bytes, at_hand));
    PdSource source = {bytes, at_hand, length, whole ? -1 : fd, offset};
    return read_any(&source, options, mail);
}
