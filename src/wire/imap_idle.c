/* imap_idle.c: waiting for new messages; see imap.h.
 *
 * As often as IDLE is renewed the folder is opened again, with IDLE and without.
 * Whatever was read already is looked at before sleeping: an EXISTS in the same packet as
 * the answer to IDLE would otherwise sleep for the whole interval.
 */
#include "wire/imap.h"

#include "postdesk/clock.h"
#include "postdesk/limits.h"

/* Ends IDLE, so that commands can be given again. */
static PdStatus *done(PdImap *imap)
{
    PdImapAnswer answer;

    pd_stream_allow(imap->stream, imap->timeout, PD_LIMIT_REPLY_BYTES);
    PD_TRY(pd_imap_send_more(imap, "DONE"));
    PD_TRY(pd_imap_receive(imap, &answer));
    return answer == PD_IMAP_OK ? NULL : pd_imap_not_understood(imap);
}

/* One IDLE: until something came, somebody woke us, or it must be renewed. */
static PdStatus *idle_once(PdImap *imap, int wake_fd, gboolean *woken)
{
    PdImapAnswer answer;
    gint64 until = pd_clock_monotonic() + imap->idle_renew;
    PdWaited waited = PD_WAITED_INPUT;

    PD_TRY(pd_imap_send(imap, PD_LIMIT_REPLY_BYTES, "IDLE"));
    PD_TRY(pd_imap_receive(imap, &answer));
    imap->no_idle = answer != PD_IMAP_CONTINUE;
    if (imap->no_idle)
        return NULL;
    while (!imap->grown && waited == PD_WAITED_INPUT) {
        waited = pd_stream_wait(imap->stream, wake_fd, until);
        if (waited == PD_WAITED_INPUT)
            PD_TRY(pd_imap_receive_unasked(imap));
    }
    *woken = waited == PD_WAITED_WOKEN;
    return done(imap);
}

/* For servers without IDLE, or that refuse it. */
static PdStatus *poll_once(PdImap *imap, int wake_fd, gboolean *woken)
{
    PdImapAnswer answer;

    *woken =
        pd_stream_wait(imap->stream, wake_fd, pd_clock_monotonic() + imap->poll) == PD_WAITED_WOKEN;
    if (*woken)
        return NULL;
    PD_TRY(pd_imap_ask(imap, &answer, "NOOP"));
    return answer == PD_IMAP_OK ? NULL : pd_imap_not_understood(imap);
}

/* Of a folder that was renamed, or made anew, some servers tell nothing to who has it open. */
static gboolean is_time_to_look(const PdImap *imap)
{
    return pd_clock_monotonic() - imap->selected_at >= imap->idle_renew;
}

PdStatus *pd_imap_wait(gpointer self, int wake_fd, gboolean *woken)
{
    PdImap *imap = self;

    while (!imap->grown && !*woken) {
        if (pd_imap_can(imap, "IDLE") && !imap->no_idle)
            PD_TRY(idle_once(imap, wake_fd, woken));
        else
            PD_TRY(poll_once(imap, wake_fd, woken));
        if (!imap->grown && !*woken && is_time_to_look(imap))
            PD_TRY(pd_imap_select_again(imap));
    }
    return NULL;
}
