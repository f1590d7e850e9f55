/* quoting.c: see quoting.h.
 *
 * ENOUGH points (quote_points.h) lead to the message's ticket. Monthly mails have all of it in
 * common but the time: where another time stands above the quote it is not the message, and where
 * as many points lead to two tickets, to neither. */
#include "desk/quoting.h"

#include "desk/quote_points.h"
#include "desk/subject.h"
#include "postdesk/clock.h"
#include "postdesk/text.h"
#include <string.h>

#define ENOUGH 60
#define MOST_ADDRESSES 8 /* whose tickets are looked at */
#define MOST_TICKETS 8   /* of each, the newest */
#define MOST_MESSAGES 10 /* of each, the newest, and the first one */
#define MOST_READ 40     /* messages of all */
#define MOST_DAYS 90     /* since anything happened to the ticket */

typedef struct {
    const PdDesk *desk;
    const PdMail *mail;
    PdQuote quote;
    GHashTable *seen; /* of tickets */
    GPtrArray *found; /* of Likely *, the likeliest first */
    guint left;       /* messages that may be read yet */
} Search;

typedef struct {
    gint64 ticket, inbox, at;
    guint points;
    char *what;
} Likely;

static void likely_free(Likely *likely)
{
    g_free(likely->what);
    g_free(likely);
}

static gboolean is_better(const Likely *one, const Likely *other)
{
    return one->points != other->points ? one->points > other->points : one->at > other->at;
}

/* The best message of each ticket, in order. */
static void keep(Search *search, Likely *likely)
{
    guint place = 0;

    for (guint i = 0; i < search->found->len; i++) {
        const Likely *other = g_ptr_array_index(search->found, i);
        if (other->ticket != likely->ticket)
            continue;
        if (!is_better(likely, other)) {
            likely_free(likely);
            return;
        }
        g_ptr_array_remove_index(search->found, i);
        break;
    }
    while (place < search->found->len && is_better(search->found->pdata[place], likely))
        place++;
    g_ptr_array_insert(search->found, (gint)place, likely);
}

static void weigh(Search *search, const PdStoredMessage *message)
{
    Likely *likely = g_new0(Likely, 1);

    likely->points = pd_quote_points(&search->quote, message, &likely->what);
    if (likely->what == NULL)
        likely->what = g_strdup("of the same subject");
    likely->ticket = message->ticket;
    likely->inbox = message->inbox;
    likely->at = message->date;
    keep(search, likely);
}

static PdStatus *read_messages(Search *search, gint64 ticket)
{
    g_autoptr(GPtrArray) messages = NULL;

    PD_TRY(pd_message_ends_of_ticket(search->desk->store, ticket, MIN(MOST_MESSAGES, search->left),
                                     &messages));
    search->left -= MIN(messages->len, search->left);
    for (guint i = 0; i < messages->len; i++)
        weigh(search, g_ptr_array_index(messages, i));
    return NULL;
}

/* The desk may have called the ticket otherwise. */
static PdStatus *is_matter(const Search *search, const PdTicket *ticket, gboolean *is)
{
    g_autofree char *matter = pd_subject_matter(ticket->subject);
    PdStoredMessage *first = NULL;
    gint64 inbox = 0;

    *is = strcmp(matter, search->quote.matter) == 0;
    if (*is)
        return NULL;
    PD_TRY(pd_message_first_of_ticket(search->desk->store, ticket->number, &inbox));
    if (inbox != 0)
        PD_TRY(pd_message_get(search->desk->store, inbox, &first));
    if (first != NULL) {
        g_autofree char *called = pd_subject_matter(first->subject != NULL ? first->subject : "");
        *is = strcmp(called, search->quote.matter) == 0;
    }
    pd_stored_message_free(first);
    return NULL;
}

static PdStatus *look_at(Search *search, const PdTicket *ticket)
{
    gint64 oldest = pd_clock_now() - MOST_DAYS * PD_DAY;
    gboolean is = FALSE;

    if (search->left == 0 || ticket->updated_at < oldest ||
        !g_hash_table_add(search->seen, GSIZE_TO_POINTER((gsize)ticket->number)))
        return NULL;
    PD_TRY(is_matter(search, ticket, &is));
    return is ? read_messages(search, ticket->number) : NULL;
}

static PdStatus *look_at_tickets_of(Search *search, const char *address)
{
    g_autoptr(GPtrArray) tickets = g_ptr_array_new_with_free_func((GDestroyNotify)pd_ticket_free);

    PD_TRY(
        pd_ticket_add_of_reporter(search->desk->store, address, G_MAXINT64, MOST_TICKETS, tickets));
    for (guint i = 0; i < tickets->len; i++)
        PD_TRY(look_at(search, g_ptr_array_index(tickets, i)));
    return NULL;
}

static void add_address(const Search *search, GPtrArray *addresses, const char *address)
{
    if (address == NULL || !pd_text_is_address(address) ||
        pd_config_is_own_address(search->desk->config, address) || addresses->len >= MOST_ADDRESSES)
        return;
    for (guint i = 0; i < addresses->len; i++) {
        if (pd_address_equal(g_ptr_array_index(addresses, i), address))
            return;
    }
    g_ptr_array_add(addresses, g_strdup(address));
}

/* "Ann <ann@example.com>", "[mailto:ann@example.com]" within the words of a head. */
static void add_named(const Search *search, GPtrArray *addresses, const char *text)
{
    static const char around[] = " \t<>\"'()[];:,，；：“”";

    g_auto(GStrv) words = pd_text_words(text, around);
    for (char **word = words; *word != NULL; word++) {
        if (strchr(*word, '@') != NULL)
            add_address(search, addresses, *word);
    }
}

/* Who writes, by all his addresses, whom he quotes, and to whom he writes besides. */
static GPtrArray *reporters(const Search *search)
{
    GPtrArray *addresses = g_ptr_array_new_with_free_func(g_free);
    const PdMail *mail = search->mail;
    const char *from = mail->from != NULL ? mail->from->address : NULL;
    const PdPerson *person = from != NULL ? pd_people_find(search->desk->people, from) : NULL;
    const GPtrArray *const lists[] = {mail->to, mail->cc};

    add_address(search, addresses, from);
    for (guint i = 0; person != NULL && person->addresses[i] != NULL; i++)
        add_address(search, addresses, person->addresses[i]);
    for (guint i = 0; i < search->quote.heads->len; i++) {
        const PdQuotedHead *head = g_ptr_array_index(search->quote.heads, i);
        if (head->from != NULL)
            add_named(search, addresses, head->from);
    }
    for (gsize list = 0; list < G_N_ELEMENTS(lists); list++) {
        for (guint i = 0; i < lists[list]->len; i++) {
            const PdAddress *address = g_ptr_array_index(lists[list], i);
            add_address(search, addresses, address->address);
        }
    }
    return addresses;
}

static PdClue *clue_of(const Likely *likely, gboolean is_weak)
{
    g_autofree char *where =
        g_strdup_printf("message %" G_GINT64_FORMAT " (%s: %u points, %u are enough)",
                        likely->inbox, likely->what, likely->points, ENOUGH);
    PdClue *clue = pd_clue_new(PD_CLUE_QUOTE, where);

    clue->ticket = likely->ticket;
    clue->is_weak = is_weak;
    return clue;
}

static GPtrArray *clues_of(const Search *search)
{
    GPtrArray *clues = g_ptr_array_new_with_free_func((GDestroyNotify)pd_clue_free);
    const Likely *first = search->found->len > 0 ? search->found->pdata[0] : NULL;
    const Likely *second = search->found->len > 1 ? search->found->pdata[1] : NULL;

    if (first == NULL) {
        g_ptr_array_add(clues, pd_clue_new(PD_CLUE_QUOTE, "a message"));
        return clues;
    }
    gboolean is_even = second != NULL && second->points == first->points;
    g_ptr_array_add(clues, clue_of(first, first->points < ENOUGH || is_even));
    if (second != NULL)
        g_ptr_array_add(clues, clue_of(second, TRUE));
    return clues;
}

static void search_clear(Search *search)
{
    pd_quote_clear(&search->quote);
    g_hash_table_unref(search->seen);
    g_ptr_array_unref(search->found);
}

PdStatus *pd_quoting_find(const PdDesk *desk, const PdMail *mail, const GPtrArray *heads,
                          GPtrArray **clues)
{
    Search search = {.desk = desk,
                     .mail = mail,
                     .seen = g_hash_table_new(g_direct_hash, g_direct_equal),
                     .found = g_ptr_array_new_with_free_func((GDestroyNotify)likely_free),
                     .left = MOST_READ};
    PdStatus *status = NULL;

    pd_quote_init(&search.quote, mail, heads);
    g_autoptr(GPtrArray) addresses = reporters(&search);
    for (guint i = 0; i < addresses->len && status == NULL; i++)
        status = look_at_tickets_of(&search, g_ptr_array_index(addresses, i));
    *clues = status == NULL ? clues_of(&search) : NULL;
    search_clear(&search);
    return status;
}
