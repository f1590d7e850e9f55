/* reconcile.c: the ledger against the servers.
 *
 * I8: after a restore the outbox is held. Reconcile first takes in what the servers hold (what
 * was there at that time is quiet: its answers, which may have gone out before the
 * restore, stay unknown), then compares, and releases the outbox only if every folder could be
 * compared; one that could not is named, and the others are compared all the same.
 */
#include "folder.h"
#include "postdesk/outbox.h"
#include "postdesk/roles.h"
#include "postdesk/wake.h"
#include "role.h"
#include "vault.h"

void pd_reconciled_free(PdReconciled *result)
{
    if (result == NULL)
        return;
    g_free(result->mailbox);
    g_array_unref(result->unaccounted);
    pd_status_free(result->failed);
    g_free(result);
}

static PdReconciled *add_result(GPtrArray *results, const char *label)
{
    PdReconciled *result = g_new0(PdReconciled, 1);

    result->mailbox = g_strdup(label);
    result->unaccounted = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_ptr_array_add(results, result);
    return result;
}

/* A message below next_uid that is not in the ledger was left out at first contact, or before the
 * start; what is above was not collected yet. */
static void account(PdReconciled *result, const PdFolder *folder, const GArray *ledger,
                    const PdSourceEntry *entry, guint *at)
{
    result->on_server++;
    if (pd_folder_uid_is_in(ledger, entry->uid, at))
        result->in_ledger++;
    else if (!pd_folder_wants(folder, entry) ||
             (folder->mailbox->start == PD_START_NOW && entry->uid < folder->state.next_uid &&
              (ledger->len == 0 || entry->uid < g_array_index(ledger, guint32, 0))))
        result->left_out++;
    else
        g_array_append_val(result->unaccounted, entry->uid);
}

static PdStatus *compare(PdFolder *folder, PdStore *store, PdSource *source, PdReconciled *result)
{
    g_autoptr(GArray) ledger = NULL;
    guint32 first = 1;
    guint at = 0;

    PD_TRY(pd_inbox_uids(store, folder->label, folder->state.uidvalidity, 1, &ledger));
    for (;;) {
        g_autoptr(GArray) entries = NULL;
        PD_TRY(pd_source_list(source, first, &entries));
        if (entries->len == 0)
            return NULL;
        for (guint i = 0; i < entries->len; i++)
            account(result, folder, ledger, &g_array_index(entries, PdSourceEntry, i), &at);
        first = g_array_index(entries, PdSourceEntry, entries->len - 1).uid + 1;
    }
}

/* Numbers of before say nothing of the messages that have them now. */
static PdStatus *check_numbers(const PdFolder *folder, PdStore *store, PdSource *source)
{
    guint32 known = folder->state.uidvalidity, there = pd_source_folder(source)->uidvalidity;
    gboolean set_back = FALSE;

    if (known == 0)
        return NULL;
    if (known == there)
        PD_TRY(pd_folder_is_set_back(folder, store, source, &set_back));
    if (set_back)
        return pd_status_new(PD_SPOILS_MAILBOX, PD_TRY_AGAIN,
                             "collect it first: postdesk collect --once, or let the desk run",
                             "the server has gone back, and gives its numbers to other messages");
    if (known == there)
        return NULL;
    return pd_status_new(PD_SPOILS_MAILBOX, PD_TRY_AGAIN,
                         "collect it first: postdesk collect --once, or let the desk run",
                         "the folder was numbered anew (UIDVALIDITY %u, and %u before)", there,
                         known);
}

static PdStatus *open_and_compare(const PdRoleContext *context, PdFolder *folder, PdStore *store,
                                  PdReconciled *result)
{
    g_autoptr(PdSecret) secret = NULL;
    g_autoptr(PdSource) source = NULL;

    if (folder->mailbox->maildir == NULL)
        PD_TRY(pd_vault_ask(context, &folder->mailbox->server, FALSE, &secret));
    PD_TRY(pd_source_open(folder->mailbox, folder->folder, secret, &source));
    PD_TRY(pd_folder_state_get(store, folder->label, &folder->state));
    PD_TRY(check_numbers(folder, store, source));
    return compare(folder, store, source, result);
}

/* The mailbox's trouble is noted, the store's ends all. */
static PdStatus *note_failure(PdReconciled *result, PdStatus *status)
{
    if (status == NULL || pd_status_spoils(status) == PD_SPOILS_STORE)
        return status;
    result->failed = status;
    return NULL;
}

static PdStatus *reconcile_folder(const PdRoleContext *context, PdStore *store,
                                  const PdMailbox *mailbox, const char *name, GPtrArray *results)
{
    PdFolder folder;

    pd_folder_init(&folder, mailbox, name);
    PdReconciled *result = add_result(results, folder.label);
    PdStatus *status = open_and_compare(context, &folder, store, result);
    if (status != NULL)
        status = pd_status_prefix(status, "%s", folder.label);
    pd_folder_clear(&folder);
    return note_failure(result, status);
}

static PdStatus *release(PdStore *store)
{
    PD_TRY(pd_store_begin(store));
    PdStatus *status = pd_outbox_set_held(store, FALSE);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}

/* What the servers hold is taken in first, quietly. *failed: the folder could not be. */
static PdStatus *take_in(const PdRoleContext *context, const PdMailbox *mailbox, const char *name,
                         GPtrArray *results, gboolean *failed)
{
    PdStatus *status = pd_role_collect(context, mailbox->name, name);

    *failed = status != NULL;
    if (status == NULL || pd_status_spoils(status) == PD_SPOILS_STORE)
        return status;
    g_autofree char *label = g_strdup_printf("%s/%s", mailbox->name, name);
    return note_failure(add_result(results, label), status);
}

static PdStatus *reconcile_mailbox(const PdRoleContext *context, PdStore *store, gboolean held,
                                   const PdMailbox *mailbox, GPtrArray *results)
{
    for (char **name = mailbox->folders; *name != NULL; name++) {
        gboolean failed = FALSE;
        if (held)
            PD_TRY(take_in(context, mailbox, *name, results, &failed));
        if (!failed)
            PD_TRY(reconcile_folder(context, store, mailbox, *name, results));
    }
    return NULL;
}

static PdStatus *reconcile_mailboxes(const PdRoleContext *context, PdStore *store, gboolean held,
                                     GPtrArray *results)
{
    for (guint i = 0; i < context->config->mailboxes->len; i++)
        PD_TRY(reconcile_mailbox(context, store, held,
                                 g_ptr_array_index(context->config->mailboxes, i), results));
    return NULL;
}

static gboolean all_were_compared(const GPtrArray *results)
{
    for (guint i = 0; i < results->len; i++) {
        const PdReconciled *result = g_ptr_array_index(results, i);
        if (result->failed != NULL)
            return FALSE;
    }
    return TRUE;
}

static PdStatus *check_stopped(const PdConfig *config)
{
    if (!pd_role_is_running(config, "supervise"))
        return NULL;
    return pd_status_new(PD_SPOILS_STORE, PD_TRY_AGAIN,
                         "stop postdesk run first: a restored desk is reconciled before it runs",
                         "a desk runs on the state folder %s", config->state);
}

/* Quiet rows must be planned while the outbox is held, or not before the release: their mails
 * are unknown in any case, so that the order does not matter. */
PdStatus *pd_role_reconcile(const PdConfig *config, GPtrArray **results, PdOutboxHold *hold)
{
    const PdRoleContext context = {.config = config, .once = TRUE, .supervisor = -1};
    g_autoptr(PdStore) store = NULL;
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)pd_reconciled_free);
    gboolean held = FALSE;

    *hold = PD_HOLD_NONE;
    PD_TRY(pd_store_open(config->state, PD_STORE_WRITE, &store));
    PD_TRY(pd_outbox_is_held(store, &held));
    if (held)
        PD_TRY(check_stopped(config));
    PD_TRY(reconcile_mailboxes(&context, store, held, found));
    if (held && all_were_compared(found)) {
        PD_TRY(release(store));
        pd_wake_knock(config->state, "deliver");
        *hold = PD_HOLD_RELEASED;
    } else if (held) {
        *hold = PD_HOLD_STAYS;
    }
    *results = g_steal_pointer(&found);
    return NULL;
}
