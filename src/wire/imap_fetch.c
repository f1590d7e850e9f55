/* imap_fetch.c: whole messages, streamed; see imap.h.
 *
 * One command fetches many messages. A body goes to the sink in pieces as it comes and is
 * never held. Accepted is only what was asked for, once, and no larger than the server
 * announced (some announce a little less than they send).
 */
#include "wire/imap.h"

#include "postdesk/limits.h"

#include <string.h>

#define PIECE (64 * 1024)
#define ANSWER_BYTES 1024 /* of one FETCH answer beside its body */
#define SLACK (64 * 1024)

typedef struct {
    PdSourceEntry *wanted; /* ascending */
    gboolean *got;
    guint count;
    guint64 largest; /* that may come while the UID is not known */
    guint64 most;    /* that may come of any message */
    const char *section;
    const PdFetchSink *sink;
    char *piece;
    guint32 uid; /* of the answer at hand, 0 if not known yet */
    gboolean begun;
} Fetching;

static guint64 bound(const PdSourceEntry *entry)
{
    return entry->size + entry->size / 4 + SLACK;
}

static int by_uid(const void *left, const void *right)
{
    guint32 a = ((const PdSourceEntry *)left)->uid;
    guint32 b = ((const PdSourceEntry *)right)->uid;

    return a < b ? -1 : a > b;
}

static const PdSourceEntry *find(const Fetching *fetching, guint32 uid)
{
    PdSourceEntry key = {.uid = uid};

    return bsearch(&key, fetching->wanted, fetching->count, sizeof key, by_uid);
}

static PdStatus *check_size(const Fetching *fetching, guint64 length)
{
    const PdSourceEntry *entry = find(fetching, fetching->uid);

    if (fetching->uid != 0 && entry == NULL)
        return pd_stream_broken("the server sent message %u, which was not asked for",
                                fetching->uid);
    if (length > MIN(fetching->most, entry != NULL ? bound(entry) : fetching->largest))
        return pd_status_new(PD_SPOILS_MESSAGE, PD_FINAL, NULL,
                             "message %u has %" G_GUINT64_FORMAT
                             " bytes, more than the server had announced",
                             fetching->uid, length);
    return NULL;
}

static PdStatus *pass_on(PdImap *imap, Fetching *fetching, guint64 length)
{
    const PdFetchSink *sink = fetching->sink;
    gsize got;

    for (; length > 0; length -= got) {
        PD_TRY(pd_stream_read(imap->stream, fetching->piece, MIN(PIECE, length), &got));
        PD_TRY(sink->bytes(fetching->piece, got, sink->user));
    }
    return pd_imap_next_line(imap);
}

static PdStatus *pass_on_quoted(PdImap *imap, Fetching *fetching)
{
    const PdFetchSink *sink = fetching->sink;
    gsize size = imap->line->len + 1;
    g_autofree char *text = g_malloc(size);

    if (!pd_imap_take_quoted(imap, text, size))
        return pd_imap_not_understood(imap);
    return sink->bytes(text, strlen(text), sink->user);
}

static PdStatus *take_body(PdImap *imap, Fetching *fetching)
{
    guint64 length = 0;
    char word[4];

    if (fetching->begun)
        return pd_stream_broken("the server sent two bodies for one message");
    gboolean literal = pd_imap_take_literal(imap, &length);
    if (literal)
        PD_TRY(check_size(fetching, length));
    fetching->begun = TRUE;
    PD_TRY(fetching->sink->begin(fetching->sink->user));
    if (literal)
        return pass_on(imap, fetching, length);
    if (pd_imap_take_word(imap, word, sizeof word)) /* an empty message may be NIL */
        return g_ascii_strcasecmp(word, "NIL") == 0 ? NULL : pd_imap_not_understood(imap);
    return pass_on_quoted(imap, fetching);
}

static PdStatus *take_item(PdImap *imap, const char *name, gpointer user)
{
    Fetching *fetching = user;

    if (g_ascii_strcasecmp(name, fetching->section) == 0)
        return take_body(imap, fetching);
    if (g_ascii_strcasecmp(name, "UID") != 0)
        return pd_imap_skip_value(imap);
    return pd_imap_take_uid(imap, &fetching->uid);
}

/* The body is complete: was it asked for? */
static PdStatus *end_message(Fetching *fetching)
{
    const PdSourceEntry *entry = find(fetching, fetching->uid);

    if (entry == NULL || fetching->got[entry - fetching->wanted])
        return pd_stream_broken("the server sent message %u unasked", fetching->uid);
    fetching->got[entry - fetching->wanted] = TRUE;
    fetching->begun = FALSE;
    return fetching->sink->end(fetching->uid, fetching->sink->user);
}

static PdStatus *fetched(PdImap *imap, gpointer user)
{
    Fetching *fetching = user;

    fetching->uid = 0;
    fetching->begun = FALSE;
    PD_TRY(pd_imap_each_item(imap, take_item, fetching));
    return fetching->begun ? end_message(fetching) : NULL; /* else another client's change */
}

static PdStatus *judge(const PdImap *imap, PdImapAnswer answer)
{
    if (answer == PD_IMAP_OK || g_ascii_strcasecmp(imap->code, "EXPUNGEISSUED") == 0)
        return NULL;
    g_autofree char *words = pd_imap_words(imap);
    return pd_status_new(PD_SPOILS_MESSAGE, PD_TRY_AGAIN, NULL,
                         "the server does not hand out what was asked for: %s", words);
}

static PdStatus *converse(PdImap *imap, Fetching *fetching, const char *command, guint64 budget)
{
    PdImapAnswer answer;

    imap->fetched = fetched;
    imap->fetched_user = fetching;
    PdStatus *status = pd_imap_send(imap, PD_LIMIT_REPLY_BYTES, command);
    pd_stream_allow_more(imap->stream, budget);
    if (status == NULL)
        status = pd_imap_receive(imap, &answer);
    imap->fetched = NULL;
    if (status != NULL) {
        pd_stream_give_up(imap->stream); /* somewhere within a body */
        if (fetching->begun)
            fetching->sink->abandon(fetching->sink->user);
        return status;
    }
    return judge(imap, answer);
}

static guint64 budget_of(const PdSourceEntry *entries, guint count)
{
    guint64 budget = 0;

    for (guint i = 0; i < count; i++)
        budget += entries[i].size + entries[i].size / 4 + ANSWER_BYTES;
    return budget;
}

static PdStatus *fetch_in_lines(PdImap *imap, Fetching *fetching, const char *what)
{
    g_autofree guint32 *uids = g_new(guint32, fetching->count);

    for (guint i = 0; i < fetching->count; i++) {
        uids[i] = fetching->wanted[i].uid;
        fetching->largest = MAX(fetching->largest, bound(&fetching->wanted[i]));
    }
    for (guint next = 0, before = 0; next < fetching->count; before = next) {
        g_autofree char *set = pd_imap_set(uids, fetching->count, &next);
        g_autofree char *command = g_strdup_printf("UID FETCH %s (UID %s)", set, what);
        PD_TRY(
            converse(imap, fetching, command, budget_of(fetching->wanted + before, next - before)));
    }
    return NULL;
}

static PdStatus *fetch(PdImap *imap, const PdSourceEntry *entries, guint count,
                       const PdFetchSink *sink, const char *what, const char *section, guint64 most)
{
    g_autofree PdSourceEntry *wanted = g_memdup2(entries, count * sizeof *entries);
    g_autofree gboolean *got = g_new0(gboolean, count);
    g_autofree char *piece = g_malloc(PIECE);
    Fetching fetching = {.wanted = wanted,
                         .got = got,
                         .count = count,
                         .most = most,
                         .section = section,
                         .sink = sink,
                         .piece = piece};

    if (count == 0)
        return NULL;
    qsort(wanted, count, sizeof *wanted, by_uid);
    return fetch_in_lines(imap, &fetching, what);
}

PdStatus *pd_imap_fetch(gpointer self, const PdSourceEntry *entries, guint count,
                        const PdFetchSink *sink)
{
    return fetch(self, entries, count, sink, "BODY.PEEK[]", "BODY[]", G_MAXUINT64);
}

PdStatus *pd_imap_fetch_headers(gpointer self, const PdSourceEntry *entry, const PdFetchSink *sink)
{
    PdSourceEntry bounded = *entry;
    g_autofree char *what = g_strdup_printf("BODY.PEEK[HEADER]<0.%d>", PD_LIMIT_HEADER_BYTES);

    bounded.size = PD_LIMIT_HEADER_BYTES;
    return fetch(self, &bounded, 1, sink, what, "BODY[HEADER]<0>", PD_LIMIT_HEADER_BYTES);
}
