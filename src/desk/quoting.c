/* quoting.c: see quoting.h.
 *
 * What agrees between the mail and a stored message gives points:
 *
 *   its text, long          60     is quoted, and nearly all of it
 *   its text, short         40
 *   its text, a few words   15
 *   a long part of its text 30
 *   its time                40     stands above the quote, to the minute
 *   its author              20     stands there with his address, 15 with his name
 *   its subject             10     stands there
 *
 * ENOUGH of them lead to the message's ticket. Monthly mails have all of it in common but the
 * time: where another time stands above the quote it is not the message, and where as many points
 * lead to two tickets, to neither. */
#include "desk/quoting.h"

#include "desk/subject.h"
#include "postdesk/clock.h"
#include "postdesk/text.h"
#include <string.h>

#define ENOUGH 60
#define MOST_ADDRESSES 8  /* whose tickets are looked at */
#define MOST_TICKETS 8    /* of each, the newest */
#define MOST_MESSAGES 10  /* of each, the newest, and the first one */
#define MOST_READ 40      /* messages of all */
#define MOST_DAYS 90      /* since the message came */
#define MOST_QUOTED 16384 /* bytes that are compared */
#define MOST_TEXT 2048
#define PIECE                                                                                      \
    24 /* bytes that are looked for at once: a few words, so that a changed one costs few */
#define LONG 45
#define SHORT 18
#define NEARLY_ALL 60 /* percent */
#define A_PART 25

typedef struct {
    const PdDesk *desk;
    const PdMail *mail;
    const GPtrArray *heads;
    char *matter, *words;
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

/* Letters and digits alone: what is quoted was wrapped, marked and laid out anew. */
static char *words_of(const char *text, gsize most)
{
    g_autofree char *head = pd_text_head(text, most);
    GString *out = g_string_sized_new(strlen(head));

    for (const char *at = head; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isalnum(c))
            g_string_append_unichar(out, g_unichar_tolower(c));
    }
    return g_string_free(out, FALSE);
}

static gsize piece_length(const char *words)
{
    gsize length = strlen(words);

    if (length < 2 * PIECE) /* no crumb is left behind it */
        return length;
    length = PIECE;
    while (((guchar)words[length] & 0xc0) == 0x80)
        length++;
    return length;
}

/* How many bytes of the message's words stand in the quoted ones. */
static gsize found_of(const char *words, const char *quoted)
{
    gsize found = 0;

    while (*words != '\0') {
        gsize length = piece_length(words);
        if (memmem(quoted, strlen(quoted), words, length) != NULL)
            found += length;
        words += length;
    }
    return found;
}

static guint points_of_text(const Search *search, const PdStoredMessage *message)
{
    g_autofree char *words = words_of(message->text != NULL ? message->text : "", MOST_TEXT);
    gsize length = strlen(words), found = found_of(words, search->words);

    if (length == 0 || found * 100 < length * A_PART)
        return 0;
    if (found * 100 < length * NEARLY_ALL)
        return found >= LONG ? 30 : 0;
    return found >= LONG ? 60 : found >= SHORT ? 40 : 15;
}

/* The head that is the message's own may stand below others. */
static PdTimeFits time_of(const Search *search, const PdStoredMessage *message)
{
    PdTimeFits fits = PD_TIME_UNTOLD;

    for (guint i = 0; i < search->heads->len && message->date != 0; i++) {
        const PdQuotedHead *head = g_ptr_array_index(search->heads, i);
        PdTimeFits one = pd_quoted_time_fits(head->when, message->date);
        if (one == PD_TIME_SAME)
            return one;
        fits = one == PD_TIME_OTHER ? one : fits;
    }
    return fits;
}

static gboolean names(const char *text, const char *what)
{
    return text != NULL && what != NULL && g_utf8_strlen(what, -1) >= 2 &&
           strcasestr(text, what) != NULL;
}

static guint points_of_author(const Search *search, const PdStoredMessage *message)
{
    guint best = 0;

    for (guint i = 0; i < search->heads->len; i++) {
        const PdQuotedHead *head = g_ptr_array_index(search->heads, i);
        if (names(head->from, message->from))
            return 20;
        best = names(head->from, message->from_name) ? 15 : best;
    }
    return best;
}

static guint points_of_subject(const Search *search)
{
    for (guint i = 0; i < search->heads->len; i++) {
        const PdQuotedHead *head = g_ptr_array_index(search->heads, i);
        g_autofree char *matter = head->subject != NULL ? pd_subject_matter(head->subject) : NULL;
        if (matter != NULL && strcmp(matter, search->matter) == 0)
            return 10;
    }
    return 0;
}

static void add_part(GString *what, const char *name, guint points)
{
    if (points > 0)
        g_string_append_printf(what, "%s%s", what->len > 0 ? ", " : "", name);
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
    PdTimeFits time = time_of(search, message);
    guint text = points_of_text(search, message);
    guint author = points_of_author(search, message);
    guint subject = points_of_subject(search);
    guint at = time == PD_TIME_SAME ? 40 : 0;

    if (time == PD_TIME_OTHER || text + at == 0)
        author = subject = text = 0; /* it is of that subject, and no more */
    Likely *likely = g_new0(Likely, 1);
    g_autoptr(GString) what = g_string_new(NULL);
    add_part(what, "text", text);
    add_part(what, "time", at);
    add_part(what, "author", author);
    add_part(what, "subject", subject);
    likely->ticket = message->ticket;
    likely->inbox = message->inbox;
    likely->at = message->date;
    likely->points = text + at + author + subject;
    likely->what = g_strdup(what->len > 0 ? what->str : "of the same subject");
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

    *is = strcmp(matter, search->matter) == 0;
    if (*is)
        return NULL;
    PD_TRY(pd_message_first_of_ticket(search->desk->store, ticket->number, &inbox));
    if (inbox != 0)
        PD_TRY(pd_message_get(search->desk->store, inbox, &first));
    if (first != NULL) {
        g_autofree char *called = pd_subject_matter(first->subject != NULL ? first->subject : "");
        *is = strcmp(called, search->matter) == 0;
    }
    pd_stored_message_free(first);
    return NULL;
}

static PdStatus *look_at(Search *search, const PdTicket *ticket)
{
    gint64 oldest = pd_clock_now() - MOST_DAYS * 86400 * (gint64)PD_SECOND;
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
    for (guint i = 0; i < search->heads->len; i++) {
        const PdQuotedHead *head = g_ptr_array_index(search->heads, i);
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
    g_free(search->matter);
    g_free(search->words);
    g_hash_table_unref(search->seen);
    g_ptr_array_unref(search->found);
}

PdStatus *pd_quoting_find(const PdDesk *desk, const PdMail *mail, const GPtrArray *heads,
                          GPtrArray **clues)
{
    Search search = {.desk = desk,
                     .mail = mail,
                     .heads = heads,
                     .matter = pd_subject_matter(mail->subject),
                     .words = words_of(mail->quoted, MOST_QUOTED),
                     .seen = g_hash_table_new(g_direct_hash, g_direct_equal),
                     .found = g_ptr_array_new_with_free_func((GDestroyNotify)likely_free),
                     .left = MOST_READ};
    g_autoptr(GPtrArray) addresses = reporters(&search);
    PdStatus *status = NULL;

    for (guint i = 0; i < addresses->len && status == NULL; i++)
        status = look_at_tickets_of(&search, g_ptr_array_index(addresses, i));
    *clues = status == NULL ? clues_of(&search) : NULL;
    search_clear(&search);
    return status;
}
