/* backup.c: a consistent copy of a running desk.
 *
 * The database is copied as one snapshot. A segment's bytes up to the end that this snapshot
 * has committed were synced before that commit and never change, so that they can be copied
 * after it, while others append behind them. Meanwhile none of them is given back (sharing.h):
 * what the snapshot says of where they lie stays true.
 */
#include "postdesk/upkeep.h"

#include "container.h"
#include "store_internal.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static gpointer read_segment(PdQuery *query)
{
    PdSegment *segment = g_new0(PdSegment, 1);

    segment->id = pd_column_int(query, 0);
    segment->committed = (guint64)pd_column_int(query, 1);
    return segment;
}

static PdStatus *list_segments(PdStore *store, GPtrArray **segments)
{
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "SELECT id, committed FROM segment ORDER BY id", &query));
    return pd_query_all(query, read_segment, g_free, segments);
}

static PdStatus *database_size(PdStore *store, guint64 *bytes)
{
    gint64 pages = 0;
    gint64 page_size = 0;
    PdQuery *query;

    PD_TRY(pd_db_query(store->db, "PRAGMA page_count", &query));
    PD_TRY(pd_query_number(query, &pages));
    PD_TRY(pd_db_query(store->db, "PRAGMA page_size", &query));
    PD_TRY(pd_query_number(query, &page_size));
    *bytes = (guint64)pages * (guint64)page_size;
    return NULL;
}

static guint64 size_of(const char *path)
{
    struct stat file;

    return stat(path, &file) == 0 ? (guint64)file.st_size : 0;
}

typedef struct {
    PdMeter *meter;
    guint64 bytes; /* of the database */
} Copying;

static void database_copied(guint64 done, guint64 total, gpointer user)
{
    Copying *copying = user;
    guint64 at = total > 0 ? copying->bytes / total * done : 0;

    if (at > copying->meter->done)
        pd_meter_advance(copying->meter, at - copying->meter->done);
}

/* In a read snapshot: what is to be copied, and the database itself. */
static PdStatus *take_snapshot(PdStore *store, const char *path, PdMeter *meter,
                               GPtrArray **segments)
{
    Copying copying = {.meter = meter};
    g_autofree char *key = pd_store_path(store, "token.key");

    PD_TRY(list_segments(store, segments));
    PD_TRY(database_size(store, &copying.bytes));
    meter->total = 2 * copying.bytes + size_of(key);
    for (guint i = 0; i < (*segments)->len; i++)
        meter->total += ((const PdSegment *)g_ptr_array_index(*segments, i))->committed;
    return pd_db_copy(store->db, path, database_copied, &copying);
}

static PdStatus *add_segments(PdStore *store, PdContainer *container, const GPtrArray *segments,
                              PdMeter *meter)
{
    for (guint i = 0; i < segments->len; i++) {
        const PdSegment *segment = g_ptr_array_index(segments, i);
        g_autofree char *name = pd_segment_path("", segment->id);
        g_autofree char *path = pd_segment_path(store->folder, segment->id);
        PD_TRY(pd_container_add(container, name + 1, path, segment->committed, meter));
    }
    return NULL;
}

static PdStatus *write_container(PdStore *store, const char *file, const char *database,
                                 const GPtrArray *segments, PdMeter *meter)
{
    g_autoptr(PdContainer) container = NULL;
    g_autofree char *key = pd_store_path(store, "token.key");

    PD_TRY(pd_container_create(file, &container));
    PD_TRY(pd_container_add(container, "postdesk.db", database, size_of(database), meter));
    PD_TRY(add_segments(store, container, segments, meter));
    if (g_file_test(key, G_FILE_TEST_EXISTS))
        PD_TRY(pd_container_add(container, "token.key", key, size_of(key), meter));
    return pd_container_commit(container);
}

static PdStatus *copy_all(PdStore *store, const char *file, PdMeter *meter)
{
    g_autofree char *database = g_strdup_printf("%s.%d.db", file, (int)getpid());
    g_autoptr(GPtrArray) segments = NULL;

    PD_TRY(pd_store_begin_read(store));
    PdStatus *status = take_snapshot(store, database, meter, &segments);
    pd_store_end_read(store);
    if (status == NULL)
        status = write_container(store, file, database, segments, meter);
    unlink(database);
    return status;
}

PdStatus *pd_store_backup(PdStore *store, const char *file, PdProgress progress, gpointer user)
{
    PdMeter meter = {.progress = progress, .user = user};
    int lock;

    PD_TRY(pd_sharing_lock(store, F_RDLCK, NULL, &lock));
    PdStatus *status = copy_all(store, file, &meter);
    close(lock);
    return status != NULL ? pd_status_prefix(status, "backup to %s", file) : NULL;
}
