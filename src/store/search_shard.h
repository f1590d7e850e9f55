/* search_shard.h: the tables that the index of words lies in; see search.h.
 *
 * A shard is the index of a run of rows of search_doc, in two tables: "search" of all words, and
 * "search_head" of those in subjects, names and fields. Only the newest shard is written.
 */
#ifndef PD_STORE_SEARCH_SHARD_H
#define PD_STORE_SEARCH_SHARD_H

#include "db.h"
#include "postdesk/store.h"

typedef struct {
    gint64 id, first; /* the row of search_doc that it begins with; it ends where the next begins */
} PdSearchShard;

/* Of PdSearchShard, the newest first; caller frees. */
PdStatus *pd_search_shards(PdStore *store, GArray **shards);
/* Statements that put a row into the tables of the newest shard. */
typedef struct pd_shard_writer {
    PdSearchShard shard;
    PdQuery *all;  /* rowid, subject, text, names, fields */
    PdQuery *head; /* rowid, subject, names, fields, characters */
} PdShardWriter;

/* For a new row, in its transaction, which makes a new shard where the newest is full. The store
 * keeps the statements, for one shard at a time. */
PdStatus *pd_shard_writer(PdStore *store, gint64 row, const PdShardWriter **writer);
void pd_shard_writer_forget(PdStore *store);

/* A table of a shard, kind "search" or "search_head"; caller frees. */
char *pd_search_shard_table(const char *kind, gint64 id);

#endif
