/* domain.c: see domain.h. The public suffix list is the one that libpsl is built with: no file is
 * opened, so that it works within the fences of a role. */
#include "domain.h"

#include <libpsl.h>
#include <string.h>

#define MOST_DOMAIN 255 /* bytes, by the DNS */

/* Where anybody gets a mailbox, as registered; no list of libpsl says it. What a provider's
 * customers register themselves (onmicrosoft.com, a domain of their own) is no matter of this. */
static const char *const providers[] = {
    "126.com",        "139.com",        "163.com",        "163.net",      "188.com",
    "189.cn",         "21cn.com",       "263.net",        "aliyun.com",   "aol.com",
    "att.net",        "bigpond.com",    "btinternet.com", "chinaren.com", "comcast.net",
    "cox.net",        "daum.net",       "docomo.ne.jp",   "duck.com",     "eyou.com",
    "ezweb.ne.jp",    "fastmail.com",   "foxmail.com",    "free.fr",      "freenet.de",
    "gmail.com",      "googlemail.com", "hanmail.net",    "hushmail.com", "icloud.com",
    "inbox.com",      "kakao.com",      "laposte.net",    "libero.it",    "mac.com",
    "mail.com",       "mail.ru",        "mailbox.org",    "me.com",       "msn.com",
    "nate.com",       "naver.com",      "orange.fr",      "pm.me",        "posteo.de",
    "proton.me",      "protonmail.com", "qq.com",         "rambler.ru",   "rediffmail.com",
    "rocketmail.com", "sbcglobal.net",  "seznam.cz",      "sina.cn",      "sina.com",
    "sogou.com",      "sohu.com",       "t-online.de",    "tom.com",      "tuta.com",
    "tutanota.com",   "verizon.net",    "wanadoo.fr",     "web.de",       "wo.cn",
    "yeah.net",       "ymail.com",      "zoho.com",       "zohomail.com", NULL};
/* The same under the suffixes of many countries. */
static const char *const named[] = {"gmx", "hotmail", "live", "outlook", "yahoo", "yandex", NULL};

/* Where the registered domain begins in a domain of lower case, or NULL. */
static const char *registered(const char *domain)
{
    return psl_registrable_domain(psl_builtin(), domain);
}

static char *plain_form(const char *domain)
{
    char *lower = g_ascii_strdown(domain, -1);
    gsize length = strlen(lower);

    if (length > 0 && lower[length - 1] == '.')
        lower[length - 1] = '\0';
    return lower;
}

gboolean pd_domain_same_owner(const char *one, const char *other)
{
    if (*one == '\0' || *other == '\0' || strlen(one) > MOST_DOMAIN || strlen(other) > MOST_DOMAIN)
        return FALSE;
    g_autofree char *first = plain_form(one);
    g_autofree char *second = plain_form(other);
    if (strcmp(first, second) == 0)
        return TRUE;
    const char *first_owner = registered(first), *second_owner = registered(second);
    return first_owner != NULL && second_owner != NULL && strcmp(first_owner, second_owner) == 0;
}

gboolean pd_domain_is_public(const char *domain)
{
    if (*domain == '\0' || strlen(domain) > MOST_DOMAIN)
        return FALSE;
    g_autofree char *plain = plain_form(domain);
    const char *owner = registered(plain);
    if (owner == NULL)
        return FALSE;
    g_autofree char *name = g_strndup(owner, strcspn(owner, "."));
    return g_strv_contains(providers, owner) || g_strv_contains(named, name);
}
