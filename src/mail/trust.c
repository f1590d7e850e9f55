/* trust.c: Authentication-Results (RFC 8601).
 *
 * Anybody can write such a header; only those are believed that name a configured server.
 * That server removes forged ones with its own name, so the topmost of them is its own; a
 * second one with the same name further down is not looked at.
 *
 * A sender chooses what stands in the values: his local part may be "x dmarc=pass"@evil.example,
 * quoted. So each result is read by the grammar: only the first word behind a ";" names a method,
 * and what stands in quotes or in a comment is never one.
 */
#include "trust.h"

#include "address.h"
#include "domain.h"
#include "header.h"
#include <string.h>

#define MOST_WORD 512 /* bytes */

/* Behind the comment that begins here; comments nest, and a backslash quotes the next byte. */
static const char *skip_comment(const char *at)
{
    guint depth = 0;

    for (; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth == 0)
            return at + 1;
    }
    return at;
}

static const char *skip_space(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n");
        if (*at != '(')
            return at;
        at = skip_comment(at);
    }
}

static void put(GString *word, char byte)
{
    if (word->len < MOST_WORD)
        g_string_append_c(word, g_ascii_tolower(byte));
}

/* A token, or a value of which parts are quoted, in lower case; ends at one of stops. */
static const char *read_word(const char *at, const char *stops, GString *word)
{
    gboolean quoted = FALSE;

    g_string_truncate(word, 0);
    for (; *at != '\0'; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (*at == '\\' && quoted && at[1] != '\0')
            put(word, *++at);
        else if (!quoted && (strchr(stops, *at) != NULL || strchr(" \t\r\n(", *at) != NULL))
            break;
        else
            put(word, *at);
    }
    return at;
}

/* "name = value"; FALSE where none stands before the next ";". *at moves behind it. */
static gboolean read_pair(const char **at, GString *name, GString *value)
{
    const char *c = skip_space(*at);

    c = skip_space(read_word(c, "=;", name));
    g_string_truncate(value, 0);
    if (*c == '=')
        c = read_word(skip_space(c + 1), ";", value);
    gboolean any = name->len > 0 && c > *at;
    *at = c;
    return any;
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

/* Of several signatures, or of the two identities of SPF, one that passes is enough. */
static void keep_best(PdAuthResult *place, PdAuthResult result)
{
    if (*place == PD_AUTH_RESULT_NONE || result == PD_AUTH_RESULT_PASS)
        *place = result;
}

/* DMARC is said once for each author: all must pass. */
static void keep_worst(PdAuthResult *place, PdAuthResult result, gboolean first)
{
    if (first || result == PD_AUTH_RESULT_FAIL || *place == PD_AUTH_RESULT_PASS)
        *place = result;
}

/* What passed is by the organisation that From shows; a public suffix alone is nobody's. */
static gboolean is_aligned(const PdMail *mail, const char *identity)
{
    const char *at = strrchr(identity, '@');
    const char *domain = at != NULL ? at + 1 : identity;

    return mail->from != NULL && strchr(domain, '.') != NULL &&
           pd_domain_same_owner(domain, pd_address_domain(mail->from->address));
}

typedef enum { METHOD_OTHER, METHOD_SPF, METHOD_DKIM } Method;

/* "dkim", "dkim/1": whose properties follow, if it passed. */
static Method take_result(PdMail *mail, char *method, const char *word, gboolean *with_dmarc)
{
    PdAuthResult result = result_of(word);

    method[strcspn(method, "/")] = '\0';
    if (strcmp(method, "spf") == 0) {
        keep_best(&mail->spf, result);
        return result == PD_AUTH_RESULT_PASS ? METHOD_SPF : METHOD_OTHER;
    }
    if (strcmp(method, "dkim") == 0) {
        keep_best(&mail->dkim, result);
        return result == PD_AUTH_RESULT_PASS ? METHOD_DKIM : METHOD_OTHER;
    }
    if (strcmp(method, "dmarc") == 0) {
        keep_worst(&mail->dmarc, result, !*with_dmarc);
        *with_dmarc = TRUE;
    }
    return METHOD_OTHER;
}

static void take_property(PdMail *mail, Method method, const char *name, const char *value)
{
    if (method == METHOD_SPF && strcmp(name, "smtp.mailfrom") == 0)
        mail->spf_aligned = mail->spf_aligned || is_aligned(mail, value);
    else if (method == METHOD_DKIM &&
             (strcmp(name, "header.d") == 0 || strcmp(name, "header.i") == 0))
        mail->dkim_aligned = mail->dkim_aligned || is_aligned(mail, value);
}

static void read_results(PdMail *mail, const char *at)
{
    g_autoptr(GString) name = g_string_new(NULL), value = g_string_new(NULL);
    gboolean with_dmarc = FALSE;

    while (*(at = skip_space(at)) == ';') {
        at++;
        if (!read_pair(&at, name, value))
            continue;
        Method method = take_result(mail, name->str, value->str, &with_dmarc);
        while (read_pair(&at, name, value))
            take_property(mail, method, name->str, value->str);
    }
}

void pd_trust_read(PdReading *reading)
{
    PdMail *mail = reading->mail;
    g_autoptr(GString) id = g_string_new(NULL);

    for (guint i = 0; i < reading->raw->len; i++) {
        const PdRawHeader *header = reading->raw->pdata[i];
        if (g_ascii_strcasecmp(header->name, "Authentication-Results") != 0)
            continue;
        const char *at = read_word(skip_space(header->value), ";", id);
        if (!is_believed(reading->options, id->str))
            continue;
        mail->auth_by = g_strdup(id->str);
        at = skip_space(at);
        read_results(mail, at + strspn(at, "0123456789")); /* the version behind the name */
        return;
    }
}
