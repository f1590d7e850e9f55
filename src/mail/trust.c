/* trust.c: Authentication-Results (RFC 8601).
 *
 * Anybody can write such a header; only those are believed that name a configured server. That
 * server should remove forged ones with its own name (section 5), but not every server does, and
 * several programs of one server may each add a field of theirs. So the topmost field that names
 * the server is its own, and with it those that stand below before the mail came in from elsewhere:
 * no Received lies between but of a hop within the machine. What such fields find of distinct
 * methods is put together; where they differ over one, the worse counts. A field further down may
 * be the sender's: from it only what speaks against him is taken.
 *
 * Its place says no more of the topmost field. Most servers write it right below the Received of
 * their own, some above, and there a sender's own first field would stand as well: only the server
 * knows, and must remove it (doctor looks whether it does). But where a Received of the server, or
 * of its like, stands above and one of somebody else between, the mail brought the field along: it
 * is not believed.
 *
 * A sender chooses what stands in the values: his local part may be "x dmarc=pass"@evil.example,
 * quoted. So each result is read by the grammar: only the first word behind a ";" names a method,
 * and what stands in quotes or in a comment is never one.
 */
#include "trust.h"

#include "address.h"
#include "domain.h"
#include "header.h"
#include "note.h"
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

/* What one field says of a method. */
typedef struct {
    gboolean told;
    gboolean aligned;
    PdAuthResult result;
} Verdict;

typedef struct {
    Verdict spf, dkim, dmarc;
    gboolean dmarc_of_other; /* it was said of another domain than From shows */
} Verdicts;

static void take(Verdict *verdict, PdAuthResult result)
{
    verdict->result = result;
    verdict->told = TRUE;
}

/* Of several signatures, or of the two identities of SPF, one that passes is enough. */
static void keep_best(Verdict *verdict, PdAuthResult result)
{
    if (!verdict->told || verdict->result == PD_AUTH_RESULT_NONE || result == PD_AUTH_RESULT_PASS)
        take(verdict, result);
}

/* DMARC is said once for each author: all must pass. */
static void keep_worst(Verdict *verdict, PdAuthResult result)
{
    if (!verdict->told || result == PD_AUTH_RESULT_FAIL || verdict->result == PD_AUTH_RESULT_PASS)
        take(verdict, result);
}

/* What another field of the same server adds; all of it, or only what is against the sender. */
static void merge(Verdict *all, const Verdict *more, gboolean surely_ours)
{
    if (!more->told || !(surely_ours || more->result == PD_AUTH_RESULT_FAIL))
        return;
    if (!all->told) {
        *all = *more;
        return;
    }
    all->aligned = all->aligned && more->aligned;
    keep_worst(all, more->result);
}

/* What passed is by the organisation that From shows; a public suffix alone is nobody's. */
static gboolean is_aligned(const PdMail *mail, const char *identity)
{
    const char *at = strrchr(identity, '@');
    const char *domain = at != NULL ? at + 1 : identity;

    return mail->from != NULL && strchr(domain, '.') != NULL &&
           pd_domain_same_owner(domain, pd_address_domain(mail->from->address));
}

typedef enum { METHOD_OTHER, METHOD_SPF, METHOD_DKIM, METHOD_DMARC } Method;

/* "dkim", "dkim/1": whose properties follow, if it passed. */
static Method take_result(Verdicts *found, char *method, const char *word)
{
    PdAuthResult result = result_of(word);

    method[strcspn(method, "/")] = '\0';
    if (strcmp(method, "spf") == 0) {
        keep_best(&found->spf, result);
        return result == PD_AUTH_RESULT_PASS ? METHOD_SPF : METHOD_OTHER;
    }
    if (strcmp(method, "dkim") == 0) {
        keep_best(&found->dkim, result);
        return result == PD_AUTH_RESULT_PASS ? METHOD_DKIM : METHOD_OTHER;
    }
    if (strcmp(method, "dmarc") != 0)
        return METHOD_OTHER;
    keep_worst(&found->dmarc, result);
    return METHOD_DMARC;
}

static void take_property(Verdicts *found, const PdMail *mail, Method method, const char *name,
                          const char *value)
{
    if (method == METHOD_SPF && strcmp(name, "smtp.mailfrom") == 0)
        found->spf.aligned = found->spf.aligned || is_aligned(mail, value);
    else if (method == METHOD_DKIM &&
             (strcmp(name, "header.d") == 0 || strcmp(name, "header.i") == 0))
        found->dkim.aligned = found->dkim.aligned || is_aligned(mail, value);
    else if (method == METHOD_DMARC && strcmp(name, "header.from") == 0)
        found->dmarc_of_other = found->dmarc_of_other || !is_aligned(mail, value);
}

/* A pass is worth nothing where it was given to somebody else than whom we take for the author, or
 * where the server need not have meant him: of several addresses in From (RFC 5322, 3.6.2), or of
 * several such fields, which 3.6 forbids, each program takes another one. */
static void weigh_dmarc(const PdMail *mail, Verdicts *found)
{
    if (found->dmarc.result == PD_AUTH_RESULT_PASS &&
        (found->dmarc_of_other || mail->has_several_authors))
        found->dmarc.result = PD_AUTH_RESULT_OTHER;
}

static void read_results(const PdMail *mail, const char *at, Verdicts *found)
{
    g_autoptr(GString) name = g_string_new(NULL), value = g_string_new(NULL);

    while (*(at = skip_space(at)) == ';') {
        at++;
        if (!read_pair(&at, name, value))
            continue;
        Method method = take_result(found, name->str, value->str);
        while (read_pair(&at, name, value))
            take_property(found, mail, method, name->str, value->str);
    }
    weigh_dmarc(mail, found);
}

/* "[127.0.0.1]" */
static gboolean is_loopback(const char *address)
{
    static const char *const loopbacks[] = {"[127.0.0.1]", "[::1]", "[IPv6:::1]"};

    for (gsize i = 0; i < G_N_ELEMENTS(loopbacks); i++) {
        if (g_ascii_strncasecmp(address, loopbacks[i], strlen(loopbacks[i])) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The word "by", wherever the field is folded; NULL if there is none. */
static const char *find_by(const char *received)
{
    for (const char *at = received; (at = strcasestr(at, "by")) != NULL; at++) {
        if ((at == received || is_blank(at[-1])) && is_blank(at[2]))
            return at;
    }
    return NULL;
}

/* "from localhost (mx [127.0.0.1]) by mx …": a filter gave the mail back. A client may call itself
 * "[127.0.0.1]", so every address must be of this machine, and the last one stand in the comment,
 * where servers write what they saw; some repeat the client's name there. */
static gboolean is_hop_within(const char *received)
{
    const char *by = find_by(received);

    if (by == NULL || g_ascii_strncasecmp(received, "from ", 5) != 0)
        return FALSE;
    g_autofree char *from = g_strndup(received, (gsize)(by - received));
    const char *comment = strchr(from, '('), *last = strrchr(from, '[');
    if (comment == NULL || last == NULL || last < comment || strcasestr(from, "helo") != NULL)
        return FALSE;
    for (const char *at = from; (at = strchr(at, '[')) != NULL; at++) {
        if (!is_loopback(at))
            return FALSE;
    }
    return TRUE;
}

/* The trace above a field. */
typedef struct {
    GPtrArray *by;         /* of char *: the servers that wrote it, the last one first */
    gboolean is_elsewhere; /* behind the topmost field the mail came in from elsewhere */
} Trace;

/* "from x by mx.example.com with …"; a hop within the machine tells nothing. */
static void take_hop(Trace *trace, const char *received)
{
    const char *by = find_by(received);

    if (by == NULL || is_hop_within(received))
        return;
    by += strlen("by");
    by += strspn(by, " \t\r\n");
    g_ptr_array_add(trace->by, g_strndup(by, strcspn(by, " \t\r\n;(")));
}

/* A server of its organisation stands above it, and one of somebody else between. */
static gboolean was_brought_along(const Trace *trace, const char *id)
{
    gboolean ours = FALSE, nearest = FALSE;

    for (guint i = 0; i < trace->by->len; i++) {
        nearest = pd_domain_same_owner(g_ptr_array_index(trace->by, i), id);
        ours = ours || nearest;
    }
    return ours && !nearest;
}

static void read_field(PdReading *reading, const char *value, Verdicts *all, const Trace *trace)
{
    PdMail *mail = reading->mail;
    g_autoptr(GString) id = g_string_new(NULL);
    Verdicts found = {0};
    const char *at = read_word(skip_space(value), ";", id);

    if (!is_believed(reading->options, id->str))
        return;
    gboolean surely_ours = !trace->is_elsewhere && !was_brought_along(trace, id->str);
    if (surely_ours && mail->auth_by == NULL)
        mail->auth_by = g_strdup(id->str);
    if (!surely_ours) {
        mail->auth_doubtful++;
        pd_note(mail->defects,
                "an Authentication-Results of %s where the sender may have written it", id->str);
    }
    at = skip_space(at);
    at += strspn(at, "0123456789"); /* the version behind the name */
    read_results(mail, at, &found);
    merge(&all->spf, &found.spf, surely_ours);
    merge(&all->dkim, &found.dkim, surely_ours);
    merge(&all->dmarc, &found.dmarc, surely_ours);
}

void pd_trust_read(PdReading *reading)
{
    PdMail *mail = reading->mail;
    Verdicts all = {0};
    Trace trace = {.by = g_ptr_array_new_with_free_func(g_free)};

    for (guint i = 0; i < reading->raw->len && reading->options->authserv_ids != NULL; i++) {
        const PdRawHeader *header = reading->raw->pdata[i];
        if (g_ascii_strcasecmp(header->name, "Authentication-Results") == 0) {
            read_field(reading, header->value, &all, &trace);
        } else if (g_ascii_strcasecmp(header->name, "Received") == 0) {
            take_hop(&trace, header->value);
            trace.is_elsewhere =
                trace.is_elsewhere || (mail->auth_by != NULL && !is_hop_within(header->value));
        }
    }
    g_ptr_array_unref(trace.by);
    mail->spf = all.spf.result;
    mail->dkim = all.dkim.result;
    mail->dmarc = all.dmarc.result;
    mail->spf_aligned = all.spf.aligned;
    mail->dkim_aligned = all.dkim.aligned;
}
