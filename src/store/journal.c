/* journal.c: what the deliver role was doing when it died.
 *
 * A file mapped shared: what is written to it survives the process at no cost, for the kernel
 * keeps the pages; it does not survive the machine. Hence the boot id in the header:
 *
 * - a header of another boot (or a new or damaged file) means that nothing is known, and every
 *   claimed row may have gone out;
 * - the boot id is written by pd_journal_start() only, after the slots were emptied: until
 *   then the rows left by the boot before are not settled.
 *
 * A slot's id is stored last when it is taken, its state last when it changes, both with
 * release order, so that whatever moment the process is killed at, a reader sees a whole note.
 * A batch larger than the file sets the flag that makes every row without a slot uncertain.
 */
#include "postdesk/outbox.h"

#include "postdesk/files.h"
#include "store_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SLOTS 1024
#define REPLY_BYTES 232
#define BOOT_ID_BYTES 40
#define MAGIC G_GUINT64_CONSTANT(0x50446a6f75726e31) /* "PDjourn1" */

typedef struct {
    _Atomic gint64 id; /* 0: free */
    _Atomic gint32 state;
    gint32 code;
    char reply[REPLY_BYTES]; /* NUL-terminated */
    guint64 unused;
} Slot;

typedef struct {
    guint64 magic;
    char boot_id[BOOT_ID_BYTES];
    _Atomic gint32 overflowed;
    char unused[4096 - 56];
} Header;

typedef struct {
    Header header;
    Slot slots[SLOTS];
} Image;

struct pd_journal {
    PdLock *lock;
    Image *image;
    char boot_id[BOOT_ID_BYTES];
    gboolean known; /* the header is of this boot */
    guint used;     /* slots taken by this batch */
};

static PdStatus *fail(const char *what, const char *path)
{
    int error = errno;

    return pd_status_new(PD_SPOILS_STORE, error == ENOSPC ? PD_TRY_AGAIN : PD_FINAL,
                         error == ENOSPC ? "make room on the disk"
                                         : "check the permissions of the state folder",
                         "cannot %s %s: %s", what, path, g_strerror(error));
}

static PdStatus *read_boot_id(PdJournal *journal)
{
    g_autofree char *text = NULL;
    gsize length;

    PD_TRY(pd_file_read("/proc/sys/kernel/random/boot_id", 4096, &text, &length));
    g_strlcpy(journal->boot_id, g_strstrip(text), sizeof journal->boot_id);
    return NULL;
}

/* All blocks are there before the file is mapped: a full disk is told now, not by SIGBUS. */
static PdStatus *make_file(const char *path)
{
    g_autofree char *empty = g_malloc0(sizeof(Image));

    return pd_file_replace(path, empty, sizeof(Image), 0600);
}

static gboolean is_whole(int fd)
{
    return lseek(fd, 0, SEEK_END) == (off_t)sizeof(Image);
}

static PdStatus *map(PdJournal *journal, const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0 || !is_whole(fd)) {
        if (fd >= 0)
            close(fd);
        PD_TRY(make_file(path));
        fd = open(path, O_RDWR | O_CLOEXEC);
    }
    if (fd < 0)
        return fail("open", path);
    void *image = mmap(NULL, sizeof(Image), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    PdStatus *status = image == MAP_FAILED ? fail("map", path) : NULL;
    close(fd);
    if (status == NULL)
        journal->image = image;
    return status;
}

static guint count_taken(const Image *image)
{
    guint taken = 0;

    while (taken < SLOTS &&
           atomic_load_explicit(&image->slots[taken].id, memory_order_relaxed) != 0)
        taken++;
    return taken;
}

PdStatus *pd_journal_open(PdStore *store, PdJournal **journal)
{
    g_autofree char *path = pd_store_path(store, "delivery.journal");
    g_autofree char *lock = pd_store_path(store, "lock/journal");
    g_autoptr(PdJournal) opened = g_new0(PdJournal, 1);

    PD_TRY(pd_lock_take(lock, &opened->lock));
    PD_TRY(read_boot_id(opened));
    PD_TRY(map(opened, path));
    opened->used = count_taken(opened->image);
    const Header *header = &opened->image->header;
    opened->known = header->magic == MAGIC && opened->boot_id[0] != '\0' &&
                    strncmp(header->boot_id, opened->boot_id, BOOT_ID_BYTES) == 0;
    *journal = g_steal_pointer(&opened);
    return NULL;
}

void pd_journal_free(PdJournal *journal)
{
    if (journal == NULL)
        return;
    if (journal->image != NULL)
        munmap(journal->image, sizeof(Image));
    pd_lock_free(journal->lock);
    g_free(journal);
}

void pd_journal_start(PdJournal *journal)
{
    Header *header = &journal->image->header;

    for (guint i = 0; i < SLOTS; i++)
        atomic_store_explicit(&journal->image->slots[i].id, 0, memory_order_relaxed);
    atomic_store_explicit(&header->overflowed, 0, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    memcpy(header->boot_id, journal->boot_id, BOOT_ID_BYTES);
    header->magic = MAGIC;
    atomic_thread_fence(memory_order_release);
    journal->known = TRUE;
    journal->used = 0;
}

static Slot *find(const PdJournal *journal, gint64 outbox_id)
{
    for (guint i = 0; i < SLOTS; i++) {
        Slot *slot = &journal->image->slots[i];
        gint64 id = atomic_load_explicit(&slot->id, memory_order_acquire);
        if (id == outbox_id)
            return slot;
        if (id == 0)
            return NULL; /* slots are taken in their order */
    }
    return NULL;
}

static Slot *take(PdJournal *journal, gint64 outbox_id)
{
    Slot *slot = find(journal, outbox_id);

    if (slot != NULL)
        return slot;
    if (journal->used == SLOTS) {
        atomic_store_explicit(&journal->image->header.overflowed, 1, memory_order_release);
        return NULL;
    }
    slot = &journal->image->slots[journal->used++];
    atomic_store_explicit(&slot->state, PD_JOURNAL_NOT_BEGUN, memory_order_relaxed);
    atomic_store_explicit(&slot->id, outbox_id, memory_order_release);
    return slot;
}

void pd_journal_before_dot(PdJournal *journal, gint64 outbox_id)
{
    Slot *slot = take(journal, outbox_id);

    if (slot != NULL)
        atomic_store_explicit(&slot->state, PD_JOURNAL_DOT, memory_order_release);
    /* The dot must not be written before the note. */
    atomic_thread_fence(memory_order_seq_cst);
}

void pd_journal_answered(PdJournal *journal, gint64 outbox_id, int code, const char *reply)
{
    Slot *slot = take(journal, outbox_id);

    if (slot == NULL)
        return;
    slot->code = code;
    g_strlcpy(slot->reply, reply != NULL ? reply : "", REPLY_BYTES);
    atomic_store_explicit(&slot->state, PD_JOURNAL_ANSWERED, memory_order_release);
}

PdJournalState pd_journal_look(const PdJournal *journal, gint64 outbox_id, int *code, char **reply)
{
    *code = 0;
    *reply = NULL;
    if (!journal->known)
        return PD_JOURNAL_DOT;
    const Slot *slot = find(journal, outbox_id);
    if (slot == NULL) {
        gboolean uncertain =
            atomic_load_explicit(&journal->image->header.overflowed, memory_order_acquire) != 0;
        return uncertain ? PD_JOURNAL_DOT : PD_JOURNAL_NOT_BEGUN;
    }
    PdJournalState state = (PdJournalState)atomic_load_explicit(&slot->state, memory_order_acquire);
    if (state == PD_JOURNAL_ANSWERED) {
        *code = slot->code;
        *reply = g_strndup(slot->reply, REPLY_BYTES - 1);
    }
    return state;
}
