/* trust.c: Authentication-Results (RFC 8601).
 *
 * Anybody can write such a header; only those are believed that name a configured server.
 * That server removes forged ones with its own name, so the topmost of them is its own; a
 * second one with the same name further down is not looked at.
 */
#include "trust.h"

#include "address.h"
#include "header.h"
#include <string.h>

/* Next word of the value, comments left out; *at moves. Borrowed in buffer. */
static gsize next_word(const char **at, char *buffer, gsize size)
{
    const char *c = *at;
    gsize used = 0;
    guint comment = 0;

    for (; *c != '\0'; c++) {
        if (*c == '(')
            comment++;
        else if (*c == ')' && comment > 0)
            comment--;
        else if (comment > 0)
            continue;
        else if (strchr(" \t\";", *c) != NULL) {
            if (used > 0)
                break;
        } else if (used + 1 < size) {
            buffer[used++] = g_ascii_tolower(*c);
        }
    }
    *at = c;
    buffer[used] = '\0';
    return used;
}

static gboolean is_believed(const PdMailOptions *options, const char *id)
{
    for (const char *const *one = options->authserv_ids; one != NULL && *one != NULL; one++) {
        if (g_ascii_strcasecmp(*one, id) == 0)
            return TRUE;
    }
    return FALSE;
}

static PdAuthResult result_of(const char *word)
{
    if (strcmp(word, "pass") == 0)
        return PD_AUTH_RESULT_PASS;
    if (strcmp(word, "fail") == 0 || strcmp(word, "hardfail") == 0)
        return PD_AUTH_RESULT_FAIL;
    return strcmp(word, "none") == 0 ? PD_AUTH_RESULT_NONE : PD_AUTH_RESULT_OTHER;
}

/* Of several results of one method (two DKIM signatures) a pass counts. */
static void keep(PdAuthResult *place, const char *word)
{
    PdAuthResult result = result_of(word);

    if (*place == PD_AUTH_RESULT_NONE || result == PD_AUTH_RESULT_PASS)
        *place = result;
}

/* The domain that passed is the one that From shows, or one lies below the other; a top-level
 * domain alone is nobody's. */
static gboolean is_aligned(const PdMail *mail, const char *identity)
{
    const char *at = strrchr(identity, '@');
    const char *domain = at != NULL ? at + 1 : identity;
    g_autofree char *address = g_strconcat("x@", domain, NULL);

    return mail->from != NULL && strchr(domain, '.') != NULL &&
           strchr(pd_address_domain(mail->from->address), '.') != NULL &&
           pd_address_same_domain(address, mail->from->address);
}

typedef enum { METHOD_OTHER, METHOD_SPF, METHOD_DKIM } Method;

/* "spf=pass": which method's properties follow, if it passed. */
static Method read_method(PdMail *mail, const char *word)
{
    if (g_str_has_prefix(word, "spf=")) {
        keep(&mail->spf, word + 4);
        return strcmp(word + 4, "pass") == 0 ? METHOD_SPF : METHOD_OTHER;
    }
    if (g_str_has_prefix(word, "dkim=")) {
        keep(&mail->dkim, word + 5);
        return strcmp(word + 5, "pass") == 0 ? METHOD_DKIM : METHOD_OTHER;
    }
    if (g_str_has_prefix(word, "dmarc="))
        keep(&mail->dmarc, word + 6);
    return METHOD_OTHER;
}

static void read_property(PdMail *mail, Method method, const char *word)
{
    if (method == METHOD_SPF && g_str_has_prefix(word, "smtp.mailfrom="))
        mail->spf_aligned = mail->spf_aligned || is_aligned(mail, word + 14);
    else if (method == METHOD_DKIM && g_str_has_prefix(word, "header.d="))
        mail->dkim_aligned = mail->dkim_aligned || is_aligned(mail, word + 9);
    else if (method == METHOD_DKIM && g_str_has_prefix(word, "header.i="))
        mail->dkim_aligned = mail->dkim_aligned || is_aligned(mail, word + 9);
}

static void read_results(PdMail *mail, const char *at)
{
    char word[512];
    Method method = METHOD_OTHER;

    while (next_word(&at, word, sizeof(word)) > 0) {
        if (strchr(word, '.') == NULL || strcspn(word, "=") < strcspn(word, "."))
            method = read_method(mail, word);
        else
            read_property(mail, method, word);
    }
}

void pd_trust_read(PdReading *reading)
{
    PdMail *mail = reading->mail;

    for (guint i = 0; i < reading->raw->len; i++) {
        const PdRawHeader *header = reading->raw->pdata[i];
        char id[256];
        if (g_ascii_strcasecmp(header->name, "Authentication-Results") != 0)
            continue;
        const char *at = header->value;
        if (next_word(&at, id, sizeof(id)) == 0 || !is_believed(reading->options, id))
            continue;
        mail->auth_by = g_strdup(id);
        read_results(mail, at);
        return;
    }
}
