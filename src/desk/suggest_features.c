/* suggest_features.c: the words that corrected mails share, and which documents have them.
 *
 * Chinese pieces are counted length by length, longer ones only where their beginning is shared by
 * enough mails: so memory grows with what is shared and not with all that was written.
 */
#include "desk/suggest_private.h"

#include <string.h>

#define BEGINNING G_MAXUINT /* no feature, but longer words begin so */

static void feature_free(gpointer data)
{
    PdFeature *feature = data;

    g_free(feature->word);
    g_free(feature->documents);
    g_free(feature);
}

PdFeatures *pd_features_new(guint documents)
{
    PdFeatures *features = g_new0(PdFeatures, 1);

    features->documents = documents;
    features->blocks = documents / 64 + 1;
    features->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    features->all = g_ptr_array_new_with_free_func(feature_free);
    return features;
}

void pd_features_free(PdFeatures *features)
{
    if (features == NULL)
        return;
    g_hash_table_unref(features->known);
    g_ptr_array_unref(features->all);
    g_free(features);
}

void pd_bits_set(guint64 *bits, guint number)
{
    bits[number / 64] |= G_GUINT64_CONSTANT(1) << (number % 64);
}

static guint count_block(guint64 bits)
{
    bits -= (bits >> 1) & G_GUINT64_CONSTANT(0x5555555555555555);
    bits = (bits & G_GUINT64_CONSTANT(0x3333333333333333)) +
           ((bits >> 2) & G_GUINT64_CONSTANT(0x3333333333333333));
    bits = (bits + (bits >> 4)) & G_GUINT64_CONSTANT(0x0f0f0f0f0f0f0f0f);
    return (guint)((bits * G_GUINT64_CONSTANT(0x0101010101010101)) >> 56);
}

guint pd_bits_count(const guint64 *one, const guint64 *other, guint blocks)
{
    guint count = 0;

    for (guint i = 0; i < blocks; i++)
        count += (one[i] & other[i]) != 0 ? count_block(one[i] & other[i]) : 0;
    return count;
}

/* How many mails have a word; a mail counts once. */
typedef struct {
    guint mails, last; /* the last one that had it, from 1 */
} Shared;

typedef struct {
    GHashTable *shared; /* of Shared *, by word */
    guint mail, chars, least;
} Counting;

static gboolean is_shared(const Counting *counting, const char *word)
{
    const Shared *found = g_hash_table_lookup(counting->shared, word);

    return found != NULL && found->mails >= counting->least;
}

static gboolean count_word(const char *word, guint chars, gunichar before, gunichar behind,
                           gpointer user)
{
    Counting *counting = user;

    (void)before;
    (void)behind;
    if (chars != 0 && chars < counting->chars)
        return is_shared(counting, word);
    if (chars == 0 && counting->chars > 2)
        return FALSE; /* counted with the shortest */
    Shared *found = g_hash_table_lookup(counting->shared, word);
    if (found == NULL) {
        found = g_new0(Shared, 1);
        g_hash_table_insert(counting->shared, g_strdup(word), found);
    }
    found->mails += found->last != counting->mail;
    found->last = counting->mail;
    return FALSE;
}

static gboolean is_rare(gpointer word, gpointer shared, gpointer user)
{
    (void)word;
    return ((const Shared *)shared)->mails < *(const guint *)user;
}

static void count_all(Counting *counting, const GPtrArray *mails)
{
    for (counting->chars = 2; counting->chars <= PD_LONGEST_HAN; counting->chars++) {
        for (guint i = 0; i < mails->len; i++) {
            counting->mail = i + 1;
            pd_terms_visit(g_ptr_array_index(mails, i), count_word, counting);
        }
        g_hash_table_foreach_remove(counting->shared, is_rare, &counting->least);
    }
}

typedef struct {
    const char *word;
    guint mails;
} Candidate;

/* Most shared first; of equally shared ones the longer, then by name. */
static gint compare_candidates(gconstpointer one, gconstpointer other)
{
    const Candidate *first = one, *second = other;
    gsize length = strlen(first->word), length2 = strlen(second->word);

    if (first->mails != second->mails)
        return first->mails < second->mails ? 1 : -1;
    if (length != length2)
        return length < length2 ? 1 : -1;
    return strcmp(first->word, second->word);
}

static GArray *candidates_of(const Counting *counting)
{
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    GHashTableIter each;
    gpointer word, shared;

    g_hash_table_iter_init(&each, counting->shared);
    while (g_hash_table_iter_next(&each, &word, &shared)) {
        Candidate candidate = {word, ((const Shared *)shared)->mails};
        if (pd_terms_is_sound(word) && !pd_terms_is_stopped(word))
            g_array_append_val(candidates, candidate);
    }
    g_array_sort(candidates, compare_candidates);
    return candidates;
}

/* The visitor goes on to longer words only where a shorter one is known. */
static void know_beginnings(PdFeatures *features, const char *word)
{
    const char *at = g_utf8_next_char(word + 1);

    while (*at != '\0' && *(at = g_utf8_next_char(at)) != '\0') {
        g_autofree char *beginning = g_strndup(word, (gsize)(at - word));
        if (!g_hash_table_contains(features->known, beginning))
            g_hash_table_insert(features->known, g_steal_pointer(&beginning),
                                GUINT_TO_POINTER(BEGINNING));
    }
}

static guint feature_of(PdFeatures *features, const char *word)
{
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(features->known, word));

    if (known != 0 && known != BEGINNING)
        return known - 1;
    PdFeature *feature = g_new0(PdFeature, 1);
    feature->word = g_strdup(word);
    feature->documents = g_new0(guint64, features->blocks);
    g_ptr_array_add(features->all, feature);
    g_hash_table_insert(features->known, g_strdup(word), GUINT_TO_POINTER(features->all->len));
    know_beginnings(features, word);
    return features->all->len - 1;
}

GArray *pd_features_share(PdFeatures *features, const GPtrArray *mails, guint least)
{
    g_autoptr(GHashTable) shared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Counting counting = {.shared = shared, .least = least};
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));

    count_all(&counting, mails);
    g_autoptr(GArray) candidates = candidates_of(&counting);
    for (guint i = 0; i < candidates->len && i < PD_SUGGEST_MOST_WORDS; i++) {
        guint number = feature_of(features, g_array_index(candidates, Candidate, i).word);
        g_array_append_val(numbers, number);
    }
    return numbers;
}

/* Where a piece stands beside one and the same character every time, it is cut inside a word. */
static void note_side(gunichar *seen, gboolean *is_cut, gunichar beside)
{
    if (beside == 0 || (*seen != 0 && *seen != beside))
        *is_cut = TRUE;
    *seen = beside;
}

typedef struct {
    PdFeatures *features;
    guint document;
} Noting;

static gboolean note_word(const char *word, guint chars, gunichar before, gunichar behind,
                          gpointer user)
{
    Noting *noting = user;
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(noting->features->known, word));

    (void)chars;
    if (known == 0 || known == BEGINNING)
        return known != 0;
    PdFeature *feature = g_ptr_array_index(noting->features->all, known - 1);
    pd_bits_set(feature->documents, noting->document);
    note_side(&feature->before, &feature->begins, before);
    note_side(&feature->behind, &feature->ends, behind);
    return TRUE;
}

void pd_features_note(PdFeatures *features, guint document, const PdTerms *words)
{
    Noting noting = {features, document};

    pd_terms_visit(words, note_word, &noting);
}
