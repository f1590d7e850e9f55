/* scanner.c: see scanner.h. The only user of Hyperscan (or Vectorscan, which has its interface). */
#include "rules/scanner.h"

#ifdef PD_HAVE_HS

#include <hs.h>

/* Each pattern tells once; "." is any character. */
#define FLAGS                                                                                      \
    (HS_FLAG_CASELESS | HS_FLAG_DOTALL | HS_FLAG_MULTILINE | HS_FLAG_SINGLEMATCH |                 \
     HS_FLAG_ALLOWEMPTY | HS_FLAG_UTF8 | HS_FLAG_PREFILTER)
#define MOST_REFUSED 200 /* patterns left out one by one before giving up */

struct pd_scanner {
    hs_database_t *database;
    hs_scratch_t *scratch;
};

const char *pd_scanner_library(void)
{
    return hs_valid_platform() == HS_SUCCESS ? hs_version() : NULL;
}

void pd_scanner_free(PdScanner *scanner)
{
    if (scanner == NULL)
        return;
    hs_free_scratch(scanner->scratch);
    hs_free_database(scanner->database);
    g_free(scanner);
}

/* Takes the database. */
static PdScanner *new_scanner(hs_database_t *database)
{
    PdScanner *scanner = g_new0(PdScanner, 1);

    scanner->database = database;
    if (hs_alloc_scratch(database, &scanner->scratch) == HS_SUCCESS)
        return scanner;
    pd_scanner_free(scanner);
    return NULL;
}

typedef struct {
    GPtrArray *patterns; /* borrowed */
    GArray *flags, *ids, *places;
} Batch;

static void batch_clear(Batch *batch)
{
    g_ptr_array_unref(batch->patterns);
    g_array_unref(batch->flags);
    g_array_unref(batch->ids);
    g_array_unref(batch->places);
}

static gboolean is_possible(const char *pattern)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *error = NULL;

    gboolean possible = hs_expression_info(pattern, FLAGS, &info, &error) == HS_SUCCESS;
    hs_free_compile_error(error);
    g_free(info); /* made with malloc(), as nothing else was set */
    return possible;
}

static Batch new_batch(const char *const *patterns, const guint *ids, guint count)
{
    Batch batch = {g_ptr_array_new(), g_array_new(FALSE, FALSE, sizeof(guint)),
                   g_array_new(FALSE, FALSE, sizeof(guint)),
                   g_array_new(FALSE, FALSE, sizeof(guint))};
    const guint flags = FLAGS;

    for (guint i = 0; i < count; i++) {
        if (patterns[i] == NULL || !is_possible(patterns[i]))
            continue;
        g_ptr_array_add(batch.patterns, (gpointer)patterns[i]);
        g_array_append_val(batch.flags, flags);
        g_array_append_val(batch.ids, ids[i]);
        g_array_append_val(batch.places, i);
    }
    return batch;
}

static void leave_out(Batch *batch, guint which)
{
    g_ptr_array_remove_index(batch->patterns, which);
    g_array_remove_index(batch->flags, which);
    g_array_remove_index(batch->ids, which);
    g_array_remove_index(batch->places, which);
}

static hs_database_t *compile(Batch *batch)
{
    for (guint refused = 0; batch->patterns->len > 0 && refused < MOST_REFUSED; refused++) {
        hs_database_t *database = NULL;
        hs_compile_error_t *error = NULL;
        if (hs_compile_multi((const char *const *)batch->patterns->pdata,
                             (const unsigned *)(gpointer)batch->flags->data,
                             (const unsigned *)(gpointer)batch->ids->data, batch->patterns->len,
                             HS_MODE_BLOCK, NULL, &database, &error) == HS_SUCCESS)
            return database;
        int which = error != NULL ? error->expression : -1;
        hs_free_compile_error(error);
        if (which < 0)
            return NULL;
        leave_out(batch, (guint)which);
    }
    return NULL;
}

PdScanner *pd_scanner_compile(const char *const *patterns, const guint *ids, guint count,
                              gboolean *taken)
{
    Batch batch = new_batch(patterns, ids, count);
    hs_database_t *database = compile(&batch);
    PdScanner *scanner = database != NULL ? new_scanner(database) : NULL;

    for (guint i = 0; i < count; i++)
        taken[i] = FALSE;
    for (guint i = 0; scanner != NULL && i < batch.places->len; i++)
        taken[g_array_index(batch.places, guint, i)] = TRUE;
    batch_clear(&batch);
    return scanner;
}

GBytes *pd_scanner_write(const PdScanner *scanner)
{
    char *bytes = NULL;
    size_t length = 0;

    if (hs_serialize_database(scanner->database, &bytes, &length) != HS_SUCCESS)
        return NULL;
    return g_bytes_new_take(bytes, length);
}

PdScanner *pd_scanner_read(const void *bytes, gsize length)
{
    hs_database_t *database = NULL;

    if (hs_deserialize_database(bytes, length, &database) != HS_SUCCESS)
        return NULL;
    return new_scanner(database);
}

typedef struct {
    guint8 *found;
    GArray *ids;
} Scan;

static int note(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                void *user)
{
    const Scan *scan = user;

    (void)from;
    (void)to;
    (void)flags;
    scan->found[id] = TRUE;
    g_array_append_val(scan->ids, id);
    return 0;
}

gboolean pd_scanner_scan(PdScanner *scanner, const char *text, gsize length, guint8 *found,
                         GArray *ids)
{
    Scan scan = {found, ids};

    return length <= G_MAXUINT && hs_scan(scanner->database, text, (unsigned)length, 0,
                                          scanner->scratch, note, &scan) == HS_SUCCESS;
}

#else

const char *pd_scanner_library(void)
{
    return NULL;
}

PdScanner *pd_scanner_compile(const char *const *patterns, const guint *ids, guint count,
                              gboolean *taken)
{
    (void)patterns;
    (void)ids;
    (void)count;
    (void)taken;
    return NULL;
}

void pd_scanner_free(PdScanner *scanner)
{
    (void)scanner;
}

GBytes *pd_scanner_write(const PdScanner *scanner)
{
    (void)scanner;
    return NULL;
}

PdScanner *pd_scanner_read(const void *bytes, gsize length)
{
    (void)bytes;
    (void)length;
    return NULL;
}

gboolean pd_scanner_scan(PdScanner *scanner, const char *text, gsize length, guint8 *found,
                         GArray *ids)
{
    (void)scanner;
    (void)text;
    (void)length;
    (void)found;
    (void)ids;
    return FALSE;
}

#endif
