/* domain.c: see domain.h. The public suffix list is the one that libpsl is built with: no file is
 * opened, so that it works within the fences of a role. */
#include "domain.h"

#include <libpsl.h>
#include <string.h>

#define MOST_DOMAIN 255 /* bytes, by the DNS */

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
