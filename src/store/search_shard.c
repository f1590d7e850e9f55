/* search_shard.c: see search_shard.h.
 *
 * FTS5 goes through all places of a word, whatever rows are asked for, where it looks for words
 * that never stand together, or for a phrase. Where the places lie in one table for each so many
 * rows, looking in one of them is bounded.
 *
 * The first shard are the tables from before there were shards; with a desk that had many tickets
 * then it is larger than the others for ever, for its rows have no text to make others of.
 *
 * A full shard is written no more. What is left to do is to bring the parts in which FTS5 wrote it
 * together, so that a word is looked up in one place: a little in each transaction, because the
 * mails wait meanwhile.
 */
#include "search_shard.h"

#include "postdesk/search.h"
#include "store_internal.h"

#define ALL "search"
#define COLUMNS "subject, text, names, fields"
#define HEAD "search_head"
#define HEAD_COLUMNS "subject, names, fields, characters"
#define MERGE_PAGES 100 /* that are written in one transaction: 400 KB */

static void read_shard(PdQuery *query, PdSearchShard *shard)
{
    shard->id = pd_column_int(query, 0);
    shard->first = pd_column_int(query, 1);
}

PdStatus *pd_search_shards(PdStore *store, GArray **shards)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(PdSearchShard));
    PdSearchShard shard;
    PdQuery *query;
    gboolean row;

    PD_TRY(pd_db_query(store->db, "SELECT id, first FROM search_shard ORDER BY id DESC", &query));
    for (;;) {
        PD_TRY(pd_query_next(query, &row));
        if (!row)
            break;
        read_shard(query, &shard);
        g_array_append_val(all, shard);
    }
    *shards = g_steal_pointer(&all);
    return NULL;
}

char *pd_search_shard_table(const char *kind, gint64 id)
{
    return id == 0 ? g_strdup(kind) : g_strdup_printf("%s_%" G_GINT64_FORMAT, kind, id);
}

static PdStatus *make_table(PdStore *store, const char *kind, gint64 id, const char *columns)
{
    g_autofree char *table = pd_search_shard_table(kind, id);
    g_autofree char *sql = g_strdup_printf("CREATE VIRTUAL TABLE %s USING fts5 (%s, content='',"
                                           " columnsize=0, tokenize='porter unicode61');",
                                           table, columns);

    return pd_db_script(store->db, sql);
}

static PdStatus *make_shard(PdStore *store, const PdSearchShard *shard)
{
    PdQuery *query;

    PD_TRY(make_table(store, ALL, shard->id, COLUMNS));
    PD_TRY(make_table(store, HEAD, shard->id, HEAD_COLUMNS));
    PD_TRY(pd_db_query(store->db, "INSERT INTO search_shard (id, first, merged) VALUES (?, ?, 0)",
                       &query));
    pd_bind_int(query, shard->id);
    pd_bind_int(query, shard->first);
    return pd_query_run(query);
}

static PdStatus *newest(PdStore *store, PdSearchShard *shard)
{
    PdQuery *query;
    gboolean row;

    PD_TRY(pd_db_query(store->db, "SELECT id, first FROM search_shard ORDER BY id DESC LIMIT 1",
                       &query));
    PD_TRY(pd_query_next(query, &row));
    if (!row)
        return pd_status_new(PD_SPOILS_STORE, PD_FINAL, "restore the last backup",
                             "the database has no index of words");
    read_shard(query, shard);
    pd_query_leave(query);
    return NULL;
}

static PdStatus *prepare(PdStore *store, const char *kind, gint64 id, const char *columns,
                         PdQuery **query)
{
    g_autofree char *table = pd_search_shard_table(kind, id);
    g_autofree char *sql =
        g_strdup_printf("INSERT INTO %s (rowid, %s) VALUES (?, ?, ?, ?, ?)", table, columns);

    return pd_db_prepare(store->db, sql, query);
}

static PdStatus *prepare_writer(PdStore *store, PdShardWriter *writer)
{
    gint64 id = writer->shard.id;

    PD_TRY(prepare(store, ALL, id, COLUMNS, &writer->all));
    return prepare(store, HEAD, id, HEAD_COLUMNS, &writer->head);
}

static gboolean is_full(const PdStore *store, const PdSearchShard *shard, gint64 row)
{
    return row - shard->first >= store->shard_rows;
}

/* Whoever else made a shard did so because this one was full: that is seen here, too. */
PdStatus *pd_shard_writer(PdStore *store, gint64 row, const PdShardWriter **writer)
{
    *writer = store->shard_writer;
    if (*writer != NULL && !is_full(store, &(*writer)->shard, row))
        return NULL;
    pd_shard_writer_forget(store);
    store->shard_writer = g_new0(PdShardWriter, 1);
    *writer = store->shard_writer;
    PdSearchShard *shard = &store->shard_writer->shard;
    PdStatus *status = newest(store, shard);
    if (status == NULL && is_full(store, shard, row)) {
        *shard = (PdSearchShard){shard->id + 1, row};
        status = make_shard(store, shard);
    }
    return status != NULL ? status : prepare_writer(store, store->shard_writer);
}

void pd_shard_writer_forget(PdStore *store)
{
    if (store->shard_writer == NULL)
        return;
    pd_query_free(store->shard_writer->all);
    pd_query_free(store->shard_writer->head);
    g_clear_pointer(&store->shard_writer, g_free);
}

void pd_search_set_shard_rows(PdStore *store, gint64 rows)
{
    store->shard_rows = rows;
}

/* The oldest full shard in whose tables something may be left to merge; 0 can be one, too. */
static PdStatus *next_to_merge(PdStore *store, gint64 *id)
{
    PdQuery *query;

    *id = -1;
    PD_TRY(pd_db_query(store->db,
                       "SELECT id FROM search_shard WHERE merged = 0"
                       " AND id < (SELECT max(id) FROM search_shard) ORDER BY id LIMIT 1",
                       &query));
    return pd_query_number(query, id);
}

/* Negative: towards one part. What was changed tells whether there was something to do. */
static PdStatus *merge_table(PdStore *store, const char *kind, gint64 id, gboolean *changed)
{
    g_autofree char *table = pd_search_shard_table(kind, id);
    g_autofree char *sql = g_strdup_printf("INSERT INTO %s (%s, rank) VALUES ('merge', %d);", table,
                                           table, -MERGE_PAGES);
    gint64 before = pd_db_total_changes(store->db);

    PD_TRY(pd_db_script(store->db, sql));
    *changed = pd_db_total_changes(store->db) - before >= 2; /* FTS5's own test */
    return NULL;
}

static PdStatus *merge_some(PdStore *store, gint64 id)
{
    gboolean changed = FALSE;
    PdQuery *query;

    PD_TRY(merge_table(store, ALL, id, &changed));
    if (!changed)
        PD_TRY(merge_table(store, HEAD, id, &changed));
    if (changed)
        return NULL;
    PD_TRY(pd_db_query(store->db, "UPDATE search_shard SET merged = 1 WHERE id = ?", &query));
    pd_bind_int(query, id);
    return pd_query_run(query);
}

PdStatus *pd_search_merge(PdStore *store, gboolean *more)
{
    gint64 id;

    PD_TRY(next_to_merge(store, &id));
    *more = id >= 0;
    if (!*more)
        return NULL;
    PD_TRY(pd_store_begin(store));
    PdStatus *status = merge_some(store, id);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}
