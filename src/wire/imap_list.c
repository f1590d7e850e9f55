/* imap_list.c: what lies in the folder, so many entries at a time; see imap.h.
 *
 * A folder may hold a million messages, and its UIDs may have wide gaps. Ranges are asked
 * for that bring at most PD_SOURCE_LIST_MOST entries; a range that brings more is halved,
 * never cut, because servers may answer in any order.
 */
#include "wire/imap.h"

#include "postdesk/clock.h"
#include "postdesk/limits.h"

#include <stdio.h>
#include <string.h>

#define BYTES_PER_ENTRY 512
#define EVERY_UID G_MAXUINT32

typedef struct {
    guint32 first;
    guint32 last;
    GArray *entries;
    gboolean too_many;
    guint32 highest;     /* of all that came */
    PdSourceEntry entry; /* the one at hand */
    gboolean has_size;
} Listing;

static gint64 parse_date(const char *text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int day, year, hour, minute, second, zone;
    char month[4];

    if (sscanf(text, "%2d-%3[A-Za-z]-%4d %2d:%2d:%2d %5d", &day, month, &year, &hour, &minute,
               &second, &zone) != 7)
        return 0;
    const char *found = strstr(months, month);
    if (found == NULL || strlen(month) != 3)
        return 0;
    g_autoptr(GDateTime) time = g_date_time_new_utc(year, (int)(found - months) / 3 + 1, day, hour,
                                                    minute, MIN(second, 59));
    if (time == NULL)
        return 0;
    gint64 offset = (zone / 100) * 3600 + (zone % 100) * 60;
    return (g_date_time_to_unix(time) - offset) * PD_SECOND;
}

/* "(\Seen $Label)" */
static PdStatus *take_flags(PdImap *imap, gboolean *seen)
{
    char flag[64];

    if (!pd_imap_take(imap, '('))
        return pd_imap_not_understood(imap);
    while (!pd_imap_take(imap, ')')) {
        pd_imap_take(imap, ' ');
        if (!pd_imap_take_word(imap, flag, sizeof flag))
            return pd_imap_not_understood(imap);
        *seen = *seen || g_ascii_strcasecmp(flag, "\\Seen") == 0;
    }
    return NULL;
}

static PdStatus *take_item(PdImap *imap, const char *name, gpointer user)
{
    Listing *listing = user;
    PdSourceEntry *entry = &listing->entry;
    char date[64];

    if (g_ascii_strcasecmp(name, "UID") == 0)
        return pd_imap_take_uid(imap, &entry->uid);
    if (g_ascii_strcasecmp(name, "FLAGS") == 0)
        return take_flags(imap, &entry->seen);
    if (g_ascii_strcasecmp(name, "RFC822.SIZE") == 0) {
        listing->has_size = pd_imap_take_number(imap, &entry->size);
        return listing->has_size ? NULL : pd_imap_not_understood(imap);
    }
    if (g_ascii_strcasecmp(name, "INTERNALDATE") == 0) {
        if (!pd_imap_take_quoted(imap, date, sizeof date))
            return pd_imap_not_understood(imap);
        entry->arrived_at = parse_date(date);
        return NULL;
    }
    return pd_imap_skip_value(imap);
}

static PdStatus *fetched(PdImap *imap, gpointer user)
{
    Listing *listing = user;

    listing->entry = (PdSourceEntry){0};
    listing->has_size = FALSE;
    PD_TRY(pd_imap_each_item(imap, take_item, listing));
    guint32 uid = listing->entry.uid;
    if (uid > listing->last)
        return pd_stream_broken("the server tells of message %u, which was not asked for", uid);
    if (uid < listing->first || !listing->has_size)
        return NULL; /* the last message (n:* names it always), or another client's change */
    listing->highest = MAX(listing->highest, uid);
    if (listing->entries->len >= PD_SOURCE_LIST_MOST)
        listing->too_many = TRUE;
    else
        g_array_append_val(listing->entries, listing->entry);
    return NULL;
}

static PdStatus *ask(PdImap *imap, Listing *listing, const char *command)
{
    PdImapAnswer answer;
    guint expected = MIN(imap->folder.exists, PD_SOURCE_LIST_MOST);

    imap->fetched = fetched;
    imap->fetched_user = listing;
    PdStatus *status = pd_imap_send(
        imap, PD_LIMIT_REPLY_BYTES + (guint64)imap->folder.exists * BYTES_PER_ENTRY, command);
    pd_stream_allow_more(imap->stream, (guint64)expected * BYTES_PER_ENTRY / 4);
    if (status == NULL)
        status = pd_imap_receive(imap, &answer);
    imap->fetched = NULL;
    if (status == NULL && answer != PD_IMAP_OK) {
        g_autofree char *words = pd_imap_words(imap);
        status = pd_stream_broken("the server does not list the folder: %s", words);
    }
    return status;
}

static PdStatus *ask_range(PdImap *imap, Listing *listing)
{
    char last[16] = "*";
    char command[96];

    listing->too_many = FALSE;
    listing->highest = listing->first;
    g_array_set_size(listing->entries, 0);
    if (listing->last != EVERY_UID)
        g_snprintf(last, sizeof last, "%u", listing->last);
    g_snprintf(command, sizeof command, "UID FETCH %u:%s (UID RFC822.SIZE INTERNALDATE FLAGS)",
               listing->first, last);
    return ask(imap, listing, command);
}

static guint32 behind(guint32 first, guint32 width)
{
    return first > EVERY_UID - width ? EVERY_UID : first + width - 1;
}

/* Narrower until all entries fit. */
static PdStatus *ask_until_it_fits(PdImap *imap, Listing *listing)
{
    PD_TRY(ask_range(imap, listing));
    while (listing->too_many) {
        guint32 half = (listing->highest - listing->first) / 2;
        if (half < PD_SOURCE_LIST_MOST / 2)
            return pd_stream_broken("the server lists messages more than once");
        listing->last = behind(listing->first, MAX(half, PD_SOURCE_LIST_MOST));
        PD_TRY(ask_range(imap, listing));
    }
    return NULL;
}

static int by_uid(gconstpointer left, gconstpointer right)
{
    guint32 a = ((const PdSourceEntry *)left)->uid;
    guint32 b = ((const PdSourceEntry *)right)->uid;

    return a < b ? -1 : a > b;
}

static void sort_once_each(GArray *entries)
{
    guint kept = 0;

    g_array_sort(entries, by_uid);
    for (guint i = 0; i < entries->len; i++) {
        PdSourceEntry entry = g_array_index(entries, PdSourceEntry, i);
        if (kept == 0 || g_array_index(entries, PdSourceEntry, kept - 1).uid != entry.uid)
            g_array_index(entries, PdSourceEntry, kept++) = entry;
    }
    g_array_set_size(entries, kept);
}

PdStatus *pd_imap_list(gpointer self, guint32 first, GArray **entries)
{
    PdImap *imap = self;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(PdSourceEntry));
    gboolean small = imap->folder.exists <= PD_SOURCE_LIST_MOST;
    Listing listing = {.first = first,
                       .last = small ? EVERY_UID : behind(first, PD_SOURCE_LIST_MOST),
                       .entries = found};

    imap->grown = FALSE;
    PD_TRY(ask_until_it_fits(imap, &listing));
    while (found->len == 0 && listing.last != EVERY_UID) { /* a gap */
        listing.first = listing.last + 1;
        listing.last = EVERY_UID;
        PD_TRY(ask_until_it_fits(imap, &listing));
    }
    sort_once_each(found);
    if (found->len > 0)
        imap->folder.uidnext =
            MAX(imap->folder.uidnext, g_array_index(found, PdSourceEntry, found->len - 1).uid + 1);
    *entries = g_steal_pointer(&found);
    return NULL;
}

PdStatus *pd_imap_newest(gpointer self, gint64 *arrived_at)
{
    PdImap *imap = self;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(PdSourceEntry));
    Listing listing = {.first = 1, .last = EVERY_UID, .entries = found};

    if (imap->folder.exists == 0)
        return NULL;
    PD_TRY(ask(imap, &listing, "UID FETCH * (UID RFC822.SIZE INTERNALDATE)"));
    if (found->len > 0)
        *arrived_at = g_array_index(found, PdSourceEntry, found->len - 1).arrived_at;
    return NULL;
}
