/* sign.c: see sign.h. */
#include "sign.h"

#include "beginnings.h"
#include "header.h"
#include "postdesk/text.h"
#include <string.h>

#define MOST_DETAIL 100 /* bytes of a value that are told as evidence */

const char *pd_sign(const PdReading *reading, const char *name)
{
    return pd_headers_get(reading->raw, name);
}

gboolean pd_is_own(const PdReading *reading, const char *address)
{
    g_autofree char *base = pd_address_base(address);

    for (const char *const *own = reading->options->own_addresses; own != NULL && *own != NULL;
         own++) {
        g_autofree char *own_base = pd_address_base(*own);
        if (pd_address_equal(base, own_base))
            return TRUE;
    }
    return FALSE;
}

char *pd_local_part(const PdAddress *address)
{
    if (address == NULL)
        return g_strdup("");
    const char *at = strrchr(address->address, '@');
    g_autofree char *local = g_strndup(address->address, at != NULL ? (gsize)(at - address->address)
                                                                    : strlen(address->address));
    return g_ascii_strdown(local, -1);
}

gboolean pd_is_list_local(const char *local)
{
    return g_str_has_prefix(local, "owner-") || g_str_has_suffix(local, "-bounces") ||
           g_str_has_suffix(local, "-request") || g_str_has_suffix(local, "-owner") ||
           g_str_has_suffix(local, "-admin");
}

gboolean pd_conclude(PdReading *reading, PdOrigin origin, const char *why, const char *detail)
{
    g_autofree char *text =
        pd_text_make_valid(detail != NULL ? detail : "", detail != NULL ? strlen(detail) : 0, NULL);
    g_autofree char *valid = pd_text_shorten(text, MOST_DETAIL);

    reading->mail->origin = origin;
    pd_note(reading->mail->evidence, "%s: %s%s%s", pd_origin_name(origin), why,
            *valid != '\0' ? ": " : "", valid);
    return TRUE;
}

gboolean pd_is_null_path(const PdReading *reading)
{
    const char *path = pd_sign(reading, "Return-Path");

    return path != NULL &&
           (strcmp(path, "<>") == 0 || g_ascii_strncasecmp(path, "<MAILER-DAEMON", 14) == 0);
}

gboolean pd_is_postmaster(const PdReading *reading)
{
    static const char *const prefixes[] = {
        "mailer-daemon", "mailer_daemon", "mailerdaemon",  "postmaster",  "mail-daemon",
        "maildaemon",    "mdaemon",       "daemon-mailer", "post_master", "microsoftexchange"};
    static const char *const names[] = {"mailer-daemon", "mail delivery",      "mail administrator",
                                        "postmaster",    "delivery subsystem", NULL};
    g_autofree char *local = pd_local_part(reading->mail->from);
    const char *from = pd_sign(reading, "From");

    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (g_str_has_prefix(local, prefixes[i]))
            return TRUE;
    }
    return from != NULL && pd_says_any(from, names);
}

static gboolean is_said_here(const char *text, const char *phrase)
{
    return (phrase[1] == '\0' || pd_text_may_begin_with(text + 1, phrase + 1)) &&
           g_ascii_strncasecmp(text, phrase, strlen(phrase)) == 0;
}

/* One pass for all of them: a hundred phrases are asked for of every mail, mostly in a few words.
 */
gboolean pd_says_any(const char *text, const char *const *phrases)
{
    PdBeginnings beginnings = {.words = phrases, .count = g_strv_length((char **)phrases)};

    pd_beginnings_make(&beginnings);
    for (; *text != '\0'; text++) {
        for (guint i = beginnings.first[(guchar)*text]; i > 0; i = beginnings.behind[i - 1])
            if (is_said_here(text, phrases[i - 1]))
                return TRUE;
    }
    return FALSE;
}

gboolean pd_says_all_words(const char *text, const char *words)
{
    g_auto(GStrv) all = g_strsplit(words, " ", -1);

    for (char **word = all; *word != NULL; word++) {
        if (strstr(text, *word) == NULL)
            return FALSE;
    }
    return TRUE;
}

gboolean pd_is_reply(const PdMail *mail)
{
    const char *subject = pd_subject_skip_tags(mail->subject);
    gboolean is_answer;

    return mail->in_reply_to->len > 0 || mail->references->len > 0 ||
           pd_subject_skip_mark(subject, &is_answer) != subject;
}

gboolean pd_is_by_mail_program(const PdReading *reading)
{
    static const char *const programs[] = {
        "outlook",      "foxmail",   "thunderbird", "apple mail", "iphone mail",
        "ipad mail",    "qqmail",    "mailmaster",  "netease",    "coremail webmail",
        "evolution",    "k-9 mail",  "lotus notes", "hcl notes",  "roundcube",
        "zimbra",       "em client", "the bat!",    "mutt",       "kmail",
        "claws",        "sylpheed",  "alimail",     "lark",       "wecom",
        "squirrelmail", "horde",     "airmail",     "spark",      "aquamail",
        "samsung",      "yahoomail", NULL};
    static const char *const headers[] = {"X-Mailer", "User-Agent", "X-MimeOLE"};

    if (pd_sign(reading, "Thread-Index") != NULL || pd_sign(reading, "X-QQ-mid") != NULL)
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
        const char *value = pd_sign(reading, headers[i]);
        if (value != NULL && pd_says_any(value, programs))
            return TRUE;
    }
    return FALSE;
}
