/* phrase.c: see phrase.h.
 *
 * In a row a number is four bytes, the most significant first. A phrase is never changed nor taken
 * away: decisions of years ago have it. There are as many as rules ever said something else.
 *
 * A phrase that rules hold notes its number itself, with the edition of the book that it is of: so
 * the hundred phrases of a decision cost a look at each. Whatever may have taken numbers back
 * begins another edition.
 */
#include "phrase.h"

#include <stdatomic.h>
#include <string.h>

#define NUMBER_SIZE sizeof(guint32)
#define MOST_REMEMBERED 50000u

struct pd_phrase_book {
    guint64 edition;   /* no other book in this process has it */
    GHashTable *texts; /* number → text, of those that were read */
};

static guint64 next_edition(void)
{
    static atomic_uint_fast64_t last;

    return atomic_fetch_add(&last, 1) + 1;
}

PdPhraseBook *pd_phrase_book_new(void)
{
    PdPhraseBook *book = g_new(PdPhraseBook, 1);

    book->edition = next_edition();
    book->texts = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return book;
}

void pd_phrase_book_free(PdPhraseBook *book)
{
    if (book == NULL)
        return;
    g_hash_table_destroy(book->texts);
    g_free(book);
}

void pd_phrase_book_forget(PdPhraseBook *book)
{
    book->edition = next_edition();
    g_hash_table_remove_all(book->texts);
}

static PdStatus *find(PdStore *store, const char *text, gint64 *number)
{
    PdQuery *query;

    *number = 0;
    PD_TRY(pd_db_query(store->db, "SELECT id FROM phrase WHERE key = ? AND text = ?", &query));
    pd_bind_int(query, pd_key_of_text(text));
    pd_bind_text(query, text);
    return pd_query_number(query, number);
}

static PdStatus *add(PdStore *store, const char *text, gint64 *number)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "INSERT INTO phrase (key, text) VALUES (?, ?)", &query));
    pd_bind_int(query, pd_key_of_text(text));
    pd_bind_text(query, text);
    PD_TRY(pd_query_run(query));
    *number = pd_db_last_id(store->db);
    return NULL;
}

static PdStatus *give_number(PdStore *store, PdPhrase *phrase)
{
    gint64 number;

    PD_TRY(find(store, phrase->text, &number));
    if (number == 0)
        PD_TRY(add(store, phrase->text, &number));
    phrase->number = (guint32)number;
    phrase->given_in = store->phrases->edition;
    return NULL;
}

PdStatus *pd_phrases_keep(PdStore *store, const GPtrArray *phrases, GByteArray **numbers)
{
    *numbers = NULL;
    if (phrases == NULL || phrases->len == 0)
        return NULL;
    g_autoptr(GByteArray) all = g_byte_array_new();
    g_byte_array_set_size(all, (guint)NUMBER_SIZE * phrases->len);
    for (guint i = 0; i < phrases->len; i++) {
        PdPhrase *phrase = g_ptr_array_index(phrases, i);
        if (phrase->given_in != store->phrases->edition)
            PD_TRY(give_number(store, phrase));
        guint32 number = GUINT32_TO_BE(phrase->number);
        memcpy(all->data + i * NUMBER_SIZE, &number, NUMBER_SIZE);
    }
    *numbers = g_steal_pointer(&all);
    return NULL;
}

static gpointer read_text(PdQuery *query)
{
    return pd_column_dup(query, 0);
}

/* *text: borrowed until the book forgets. */
static PdStatus *text_of(PdStore *store, guint32 number, const char **text)
{
    GHashTable *known = store->phrases->texts;
    gpointer found = g_hash_table_lookup(known, GUINT_TO_POINTER(number));
    PdQuery *query;

    *text = found;
    if (found != NULL)
        return NULL;
    PD_TRY(pd_db_query(store->db, "SELECT text FROM phrase WHERE id = ?", &query));
    pd_bind_int(query, number);
    PD_TRY(pd_query_one(query, read_text, &found));
    if (found == NULL)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "restore a backup",
                             "the database lacks phrase %u, which a decision has", number);
    g_hash_table_insert(known, GUINT_TO_POINTER(number), found);
    *text = found;
    return NULL;
}

static PdStatus *texts_of(PdStore *store, const guint8 *numbers, gsize length, GPtrArray *texts)
{
    for (gsize at = 0; at + NUMBER_SIZE <= length; at += NUMBER_SIZE) {
        const char *text;
        guint32 number;
        memcpy(&number, numbers + at, NUMBER_SIZE);
        PD_TRY(text_of(store, GUINT32_FROM_BE(number), &text));
        g_ptr_array_add(texts, (gpointer)text);
    }
    return NULL;
}

PdStatus *pd_phrases_restore(PdStore *store, const char *line, const guint8 *numbers, gsize length,
                             char **whole)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new();

    if (g_hash_table_size(store->phrases->texts) > MOST_REMEMBERED)
        g_hash_table_remove_all(store->phrases->texts);
    PD_TRY(texts_of(store, numbers, length, texts));
    *whole = pd_phrases_fill(line, texts);
    if (*whole == NULL)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "restore a backup",
                             "a decision in the database has other gaps than phrases");
    return NULL;
}
