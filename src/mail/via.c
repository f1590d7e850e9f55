/* via.c: direct, by a list, by a redirect, or in blind copy. */
#include "via.h"

#include "mailing_list.h"
#include "sign.h"

static gboolean names_own(const PdReading *reading, const GPtrArray *addresses)
{
    for (guint i = 0; i < addresses->len; i++) {
        const PdAddress *address = addresses->pdata[i];
        if (pd_is_own(reading, address->address))
            return TRUE;
    }
    return FALSE;
}

static gboolean find_via(PdReading *reading, PdVia via, const char *why)
{
    reading->mail->via = via;
    pd_note(reading->mail->evidence, "%s: %s", pd_via_name(via), why);
    return TRUE;
}

static gboolean came_by_list(PdReading *reading)
{
    const char *mark = pd_mailing_list_mark(reading);

    return mark != NULL && find_via(reading, PD_VIA_LIST, mark);
}

/* The desk's addresses are known, and neither To nor Cc names one. */
static gboolean is_not_addressed(const PdReading *reading)
{
    const char *const *own = reading->options->own_addresses;

    return own != NULL && *own != NULL && !names_own(reading, reading->mail->to) &&
           !names_own(reading, reading->mail->cc);
}

static gboolean came_by_redirect(PdReading *reading)
{
    static const char *const marks[] = {"Resent-From", "Resent-To", "X-Forwarded-To",
                                        "X-Forwarded-For"};
    const PdMail *mail = reading->mail;
    const char *submitted = pd_sign(reading, "Auto-Submitted");

    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (pd_sign(reading, marks[i]) != NULL)
            return find_via(reading, PD_VIA_REDIRECT, marks[i]);
    }
    if (submitted != NULL && g_ascii_strncasecmp(submitted, "auto-forwarded", 14) == 0)
        return find_via(reading, PD_VIA_REDIRECT, "Auto-Submitted: auto-forwarded");
    for (guint i = 0; is_not_addressed(reading) && i < mail->delivered_to->len; i++) {
        if (!pd_is_own(reading, mail->delivered_to->pdata[i]))
            return find_via(reading, PD_VIA_REDIRECT, "delivered to another address before");
    }
    return FALSE;
}

static void find_way(PdReading *reading)
{
    if (!came_by_list(reading) && !came_by_redirect(reading) && is_not_addressed(reading))
        find_via(reading, PD_VIA_BCC, "no address of the desk in To or Cc");
}

/* From or Reply-To leads to all of a list. */
static void find_list_address(PdReading *reading)
{
    PdMail *mail = reading->mail;
    g_autofree char *local = pd_local_part(mail->from);
    gboolean listed = mail->from != NULL && pd_mailing_list_is_post(mail, mail->from->address);

    for (guint i = 0; !listed && i < mail->reply_to->len; i++) {
        const PdAddress *reply = mail->reply_to->pdata[i];
        listed = pd_mailing_list_is_post(mail, reply->address);
    }
    mail->list_address = listed || (mail->via == PD_VIA_LIST && pd_is_list_local(local));
}

void pd_via_read(PdReading *reading)
{
    find_way(reading);
    find_list_address(reading);
}
