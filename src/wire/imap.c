/* imap.c: an IMAP folder as a source of mail; see imap.h.
 *
 * Only UID commands, BODY.PEEK and UID EXPUNGE: nothing is read, marked or removed by a
 * number that may mean another message meanwhile.
 */
#include "wire/imap.h"

#include "postdesk/clock.h"
#include "postdesk/limits.h"
#include "wire/connect.h"
#include "wire/mutf7.h"

#define GOOD_BYE_TIME (PD_SECOND / 10)

static void imap_free(PdImap *imap)
{
    pd_stream_close(imap->stream);
    g_string_free(imap->line, TRUE);
    g_free(imap->capabilities);
    g_free(imap->name);
    g_free(imap->code);
    g_free(imap->text);
    g_free(imap);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdImap, imap_free)

static void imap_close(gpointer self)
{
    PdImap *imap = self;

    imap->timeout = GOOD_BYE_TIME;
    pd_status_free(pd_imap_send(imap, 0, "LOGOUT"));
    imap_free(imap);
}

static const PdSourceFolder *imap_folder(gconstpointer self)
{
    const PdImap *imap = self;

    return &imap->folder;
}

static PdStatus *start_tls(PdImap *imap, const PdServer *server)
{
    PdImapAnswer answer;

    PD_TRY(pd_imap_read_capabilities(imap));
    if (!pd_imap_can(imap, "STARTTLS"))
        return pd_connect_no_starttls(server);
    PD_TRY(pd_imap_ask(imap, &answer, "STARTTLS"));
    if (answer != PD_IMAP_OK)
        return pd_connect_starttls_refused(server, imap->text);
    PD_TRY(pd_connect_upgrade(server, imap->stream));
    g_clear_pointer(&imap->capabilities, g_free); /* was said in clear */
    return NULL;
}

static PdStatus *begin_session(PdImap *imap, const PdServer *server, const PdSecret *secret)
{
    gboolean logged_in = FALSE;

    pd_stream_allow(imap->stream, imap->timeout, PD_LIMIT_REPLY_BYTES);
    PD_TRY(pd_connect_greeted(pd_imap_receive_greeting(imap, &logged_in)));
    if (server->tls == PD_TLS_STARTTLS) {
        if (logged_in) /* STARTTLS is not possible any more: whoever says this wants clear text */
            return pd_connect_no_starttls(server);
        PD_TRY(start_tls(imap, server));
    }
    return logged_in ? pd_imap_read_capabilities(imap) : pd_imap_log_in(imap, server, secret);
}

static PdStatus *bad_folder_name(const char *folder)
{
    return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL,
                         "write the folder's name in UTF-8, without control characters",
                         "\"%s\" cannot be a folder's name", folder);
}

static PdStatus *folder_refused(const PdImap *imap)
{
    g_autofree char *words = pd_imap_words(imap);

    return pd_status_new(PD_SPOILS_MAILBOX, PD_FINAL,
                         "check the folder's name as the server lists it, or create it there",
                         "the folder %s cannot be opened: %s", imap->name, words);
}

static PdStatus *select_folder(PdImap *imap)
{
    PdImapAnswer answer;
    g_autofree char *quoted = pd_mutf7_quote(imap->name);

    if (quoted == NULL)
        return bad_folder_name(imap->name);
    imap->folder = (PdSourceFolder){0};
    imap->selected_at = pd_clock_monotonic();
    PD_TRY(pd_imap_ask(imap, &answer, "SELECT %s", quoted));
    if (answer != PD_IMAP_OK)
        return folder_refused(imap);
    imap->folder.read_only = g_ascii_strcasecmp(imap->code, "READ-ONLY") == 0;
    if (imap->folder.uidvalidity == 0)
        return pd_stream_broken("the server keeps no UIDVALIDITY for %s", imap->name);
    return NULL;
}

PdStatus *pd_imap_select_again(PdImap *imap)
{
    guint32 before = imap->folder.uidvalidity;

    PD_TRY(select_folder(imap));
    if (imap->folder.uidvalidity == before)
        return NULL;
    return pd_stream_broken("%s is another folder than before on the server", imap->name);
}

/* One UID command over any number of messages, in as many lines as it takes. */
static PdStatus *for_each_set(PdImap *imap, const guint32 *uids, guint count, const char *verb,
                              const char *argument, PdImapAnswer *answer)
{
    *answer = PD_IMAP_OK;
    for (guint next = 0; next < count && *answer == PD_IMAP_OK;) {
        g_autofree char *set = pd_imap_set(uids, count, &next);
        PD_TRY(pd_imap_ask(imap, answer, "%s %s%s", verb, set, argument));
    }
    return NULL;
}

static int by_uid(const void *left, const void *right)
{
    guint32 a = *(const guint32 *)left;
    guint32 b = *(const guint32 *)right;

    return a < b ? -1 : a > b;
}

static guint32 *sorted(const guint32 *uids, guint count)
{
    guint32 *copy = g_memdup2(uids, count * sizeof *uids);

    if (count > 0)
        qsort(copy, count, sizeof *copy, by_uid);
    return copy;
}

/* What the server's response code (RFC 5530, RFC 9208) says is to be done. */
static const char *advice_on(const PdImap *imap)
{
    if (g_ascii_strcasecmp(imap->code, "TRYCREATE") == 0)
        return "check the folder's name as the server lists it, or create it there";
    if (g_ascii_strcasecmp(imap->code, "OVERQUOTA") == 0)
        return "make room on the server";
    return "check that the account may change this folder; after: keep leaves it alone";
}

static PdStatus *refused_change(const PdImap *imap, const char *what)
{
    g_autofree char *words = pd_imap_words(imap);

    return pd_status_new(PD_SPOILS_MAILBOX, PD_TRY_AGAIN, advice_on(imap),
                         "the server refused to %s: %s", what, words);
}

static PdStatus *imap_mark_seen(gpointer self, const guint32 *uids, guint count)
{
    PdImap *imap = self;
    PdImapAnswer answer;
    g_autofree guint32 *ordered = sorted(uids, count);

    PD_TRY(for_each_set(imap, ordered, count, "UID STORE", " +FLAGS.SILENT (\\Seen)", &answer));
    return answer == PD_IMAP_OK ? NULL : refused_change(imap, "mark messages as seen");
}

/* Moving these again would copy them again. */
static PdStatus *copied_only(const PdImap *imap)
{
    g_autofree char *words = pd_imap_words(imap);

    return pd_status_new(
        PD_SPOILS_MESSAGE, PD_FINAL, "check that the account may delete in this folder",
        "messages were copied, but the server refused to remove them here: %s", words);
}

/* Without UIDPLUS the old copies stay, marked as deleted: a plain EXPUNGE would remove what others
 * have marked. */
static PdStatus *delete_copied(PdImap *imap, const guint32 *uids, guint count)
{
    PdImapAnswer answer;

    PD_TRY(
        for_each_set(imap, uids, count, "UID STORE", " +FLAGS.SILENT (\\Seen \\Deleted)", &answer));
    if (answer == PD_IMAP_OK && pd_imap_can(imap, "UIDPLUS"))
        PD_TRY(for_each_set(imap, uids, count, "UID EXPUNGE", "", &answer));
    return answer == PD_IMAP_OK ? NULL : copied_only(imap);
}

/* Where MOVE is missing. */
static PdStatus *copy_and_delete(PdImap *imap, const guint32 *uids, guint count,
                                 const char *argument, PdImapAnswer *answer)
{
    PD_TRY(for_each_set(imap, uids, count, "UID COPY", argument, answer));
    return *answer == PD_IMAP_OK ? delete_copied(imap, uids, count) : NULL;
}

static PdStatus *imap_move(gpointer self, const guint32 *uids, guint count, const char *folder)
{
    PdImap *imap = self;
    PdImapAnswer answer;
    g_autofree guint32 *ordered = sorted(uids, count);
    g_autofree char *quoted = pd_mutf7_quote(folder);

    if (quoted == NULL)
        return bad_folder_name(folder);
    g_autofree char *argument = g_strconcat(" ", quoted, NULL);
    if (pd_imap_can(imap, "MOVE"))
        PD_TRY(for_each_set(imap, ordered, count, "UID MOVE", argument, &answer));
    else
        PD_TRY(copy_and_delete(imap, ordered, count, argument, &answer));
    if (answer == PD_IMAP_OK)
        return NULL;
    g_autofree char *what = g_strdup_printf("move messages to %s", folder);
    return refused_change(imap, what);
}

static const PdSourceDriver driver = {
    .close = imap_close,
    .folder = imap_folder,
    .list = pd_imap_list,
    .fetch = pd_imap_fetch,
    .fetch_headers = pd_imap_fetch_headers,
    .mark_seen = imap_mark_seen,
    .move = imap_move,
    .wait = pd_imap_wait,
    .newest = pd_imap_newest,
};

PdStatus *pd_imap_open(const PdMailbox *mailbox, const char *folder, const PdSecret *secret,
                       PdSource *source)
{
    g_autoptr(PdImap) imap = g_new0(PdImap, 1);

    imap->timeout = mailbox->server.timeout;
    imap->poll = mailbox->poll;
    imap->idle_renew = mailbox->idle_renew;
    imap->line = g_string_new(NULL);
    imap->name = g_strdup(folder);
    imap->code = g_strdup("");
    imap->text = g_strdup("");
    PD_TRY(pd_connect(&mailbox->server, &imap->stream));
    PD_TRY(begin_session(imap, &mailbox->server, secret));
    PD_TRY(select_folder(imap));
    source->driver = &driver;
    source->self = g_steal_pointer(&imap);
    return NULL;
}
