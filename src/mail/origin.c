/* origin.c: who wrote a message (keeps the mail room's part of I7).
 *
 * Signs are looked at from the strongest to the weakest: our own address; machine-readable
 * reports; what a bounce says in words; headers that programs set about themselves; senders
 * and subjects that only programs use. A list, or Precedence: bulk, is a way and never
 * an origin. Each conclusion leaves its evidence.
 */
#include "origin.h"

#include "autoreply.h"
#include "bounce.h"
#include "machine.h"
#include "notice.h"
#include "sign.h"
#include "via.h"
#include <string.h>

/* A bounce names the desk as its sender where a server is set up badly; its report tells. */
static gboolean look_for_self(PdReading *reading)
{
    const PdMail *mail = reading->mail;

    if (reading->report.delivery_status != NULL)
        return FALSE;
    if (mail->from != NULL && pd_is_own(reading, mail->from->address))
        return pd_conclude(reading, PD_ORIGIN_SELF, "From is an address of the desk",
                           mail->from->address);
    if (mail->sender != NULL && pd_is_own(reading, mail->sender->address) &&
        pd_sign(reading, "X-Postdesk-Ticket") != NULL)
        return pd_conclude(reading, PD_ORIGIN_SELF, "a mail of the desk came back", NULL);
    return FALSE;
}

/* How much the sender hints at a bounce before a word is read. */
static PdBounceHint bounce_hint(const PdReading *reading)
{
    g_autofree char *local = pd_local_part(reading->mail->from);

    if (pd_is_postmaster(reading))
        return PD_BOUNCE_HINT_SERVER;
    if (pd_is_null_path(reading) || pd_is_list_local(local) ||
        pd_sign(reading, "X-MLServer") != NULL)
        return PD_BOUNCE_HINT_PROGRAM;
    /* people at system@ complain of mail that came back, too */
    if (pd_machine_is_program(local) && !pd_is_by_mail_program(reading) &&
        !pd_is_reply(reading->mail))
        return PD_BOUNCE_HINT_PROGRAM;
    return PD_BOUNCE_HINT_NONE;
}

static gboolean look_for_bounce(PdReading *reading)
{
    const PdMail *mail = reading->mail;
    PdBounceHint hint = bounce_hint(reading);

    if (hint != PD_BOUNCE_HINT_NONE && reading->report_type == NULL &&
        pd_bounce_tells_delay(mail, hint)) {
        reading->is_delay = TRUE;
        return pd_conclude(reading, PD_ORIGIN_REPORT, "a mail server tells of a delay", NULL);
    }
    if (pd_sign(reading, "X-Failed-Recipients") != NULL)
        return pd_conclude(reading, PD_ORIGIN_BOUNCE, "X-Failed-Recipients", NULL);
    if (reading->report_type != NULL && strcmp(reading->report_type, "delivery-status") == 0)
        return pd_conclude(reading, PD_ORIGIN_BOUNCE, "report of type delivery-status", NULL);
    if (pd_autoreply_is_title(mail->subject) ||
        (hint == PD_BOUNCE_HINT_NONE && pd_is_by_mail_program(reading)) ||
        !pd_bounce_is_told(mail, hint))
        return FALSE;
    return pd_conclude(reading, PD_ORIGIN_BOUNCE,
                       hint == PD_BOUNCE_HINT_SERVER ? "a mail server tells of a failure"
                                                     : "the text tells of a failure",
                       NULL);
}

void pd_origin_read(PdReading *reading)
{
    if (!look_for_self(reading) && !pd_notice_find(reading) && !look_for_bounce(reading) &&
        !pd_autoreply_find(reading))
        pd_machine_find(reading);
    pd_via_read(reading);
}
