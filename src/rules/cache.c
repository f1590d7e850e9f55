/* cache.c: see cache.h.
 *
 * The file: magic; format; key; length and SHA-256 of what follows; then whether the tests passed,
 * whether it was compiled, the number of scanners, and of each its slot, which of the slot's
 * patterns it knows, and its database. The key is made of the set's content, the mails its tests
 * read, and the versions of this program and of the libraries. Numbers are the machine's own: so
 * are the databases. Nothing is taken out of a file before magic, format, key, length and hash are
 * what they must be.
 */
#include "rules/cache.h"
#include "rules/weaken.h"

#include "postdesk/files.h"
#include "postdesk/hash.h"
#include <string.h>

#define MAGIC "PDRULES\n"
#define FORMAT 1
enum { PASSED, COMPILED, SCANNERS, FLAGS }; /* bytes: yes, yes, how many; then the scanners */

#define LARGEST ((gsize)512 << 20)
#define LARGEST_TEST_MAIL ((gsize)64 << 20)
/* Of a slot that has a scanner. With the few patterns of most desks, looking for their words is
 * cheaper than a pass of the scanner, and needs no compiling. */
#define LEAST_USES 2000

typedef struct {
    char magic[8];
    guint32 format, reserved;
    guint8 key[PD_HASH_SIZE];
    guint64 length;
    guint8 hash[PD_HASH_SIZE];
} Head;

typedef struct {
    guint32 slot, uses; /* uses: of the slot, of each of which a byte says whether it is known */
    guint64 length;     /* of the database behind these bytes */
} SectionHead;

static void add_text(PdHash *hash, const char *text)
{
    pd_hash_add(hash, text != NULL ? text : "", text != NULL ? strlen(text) + 1 : 1);
}

/* A mail that a test reads lies beside the rules and is not in their hash; how it is named is, and
 * a copy of the folder is the same set. */
static void add_test_mail(PdHash *hash, const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(PdStatus) status = pd_file_read(path, LARGEST_TEST_MAIL, &bytes, &length);

    add_text(hash, status != NULL ? "unreadable" : "");
    pd_hash_add(hash, &length, sizeof length);
    if (bytes != NULL)
        pd_hash_add(hash, bytes, length);
}

static void make_key(const PdRuleSet *set, guint8 key[PD_HASH_SIZE])
{
    g_autoptr(PdHash) hash = pd_hash_new();
    g_autofree char *pcre2 = pd_pattern_library();

    add_text(hash, set->hash);
    add_text(hash, PD_VERSION);
    add_text(hash, pcre2);
    add_text(hash, pd_scanner_library());
    for (guint i = 0; i < set->tests->len; i++) {
        const PdRuleTest *test = g_ptr_array_index(set->tests, i);
        if (test->file != NULL)
            add_test_mail(hash, test->file);
    }
    pd_hash_finish(hash, key);
}

/* What stands behind the head, if all is as it must be; else NULL. */
static GBytes *read_content(const PdRuleSet *set, const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    guint8 key[PD_HASH_SIZE], hash[PD_HASH_SIZE];
    Head head;
    g_autoptr(PdStatus) status = pd_file_read(path, LARGEST, &bytes, &length);

    if (status != NULL || length < sizeof head)
        return NULL;
    memcpy(&head, bytes, sizeof head);
    make_key(set, key);
    if (memcmp(head.magic, MAGIC, sizeof head.magic) != 0 || head.format != FORMAT ||
        head.reserved != 0 || memcmp(head.key, key, sizeof key) != 0 ||
        head.length != length - sizeof head || head.length < FLAGS)
        return NULL;
    pd_hash_bytes(bytes + sizeof head, length - sizeof head, hash);
    if (memcmp(head.hash, hash, sizeof hash) != 0)
        return NULL;
    return g_bytes_new(bytes + sizeof head, length - sizeof head);
}

static PdStatus *write_content(const PdRuleSet *set, const char *path, const GByteArray *content)
{
    Head head = {.magic = MAGIC, .format = FORMAT, .length = content->len};
    g_autoptr(GByteArray) file = g_byte_array_new();

    make_key(set, head.key);
    pd_hash_bytes(content->data, content->len, head.hash);
    g_byte_array_append(file, (const guint8 *)&head, sizeof head);
    g_byte_array_append(file, content->data, content->len);
    return pd_file_replace(path, (const char *)file->data, file->len, 0600);
}

/* Reads on, within bounds. */
typedef struct {
    const guint8 *at;
    gsize left;
} Cursor;

static gconstpointer take(Cursor *cursor, gsize length)
{
    const guint8 *taken = cursor->at;

    if (length > cursor->left)
        return NULL;
    cursor->at += length;
    cursor->left -= length;
    return taken;
}

/* Numbers of the slot's uses. */
static GArray *uses_of(const PdRuleSet *set, guint slot)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < set->uses->len; i++) {
        if (g_array_index(set->uses, PdSlotUse, i).slot == slot)
            g_array_append_val(ids, i);
    }
    return ids;
}

static gboolean take_scanner(PdRuleSet *set, Cursor *cursor)
{
    const void *bytes = take(cursor, sizeof(SectionHead));
    SectionHead head;

    if (bytes == NULL)
        return FALSE;
    memcpy(&head, bytes, sizeof head);
    const guint8 *known = take(cursor, head.uses);
    const void *database = known != NULL ? take(cursor, head.length) : NULL;
    if (database == NULL || head.slot >= pd_rule_set_slots(set))
        return FALSE;
    g_autoptr(GArray) ids = uses_of(set, head.slot);
    PdScanner *scanner = ids->len == head.uses ? pd_scanner_read(database, head.length) : NULL;
    if (scanner == NULL)
        return FALSE;
    pd_scanner_free(g_ptr_array_index(set->scanners, head.slot));
    g_ptr_array_index(set->scanners, head.slot) = scanner;
    for (guint i = 0; i < ids->len; i++)
        g_array_index(set->uses, PdSlotUse, g_array_index(ids, guint, i)).scanned = known[i] != 0;
    return TRUE;
}

void pd_cache_read(PdRuleSet *set, const char *path)
{
    g_autoptr(GBytes) content = read_content(set, path);

    if (content == NULL)
        return;
    Cursor cursor = {g_bytes_get_data(content, NULL), g_bytes_get_size(content)};
    const guint8 *flags = take(&cursor, FLAGS);
    set->passed = flags[PASSED] != 0;
    set->compiled = flags[COMPILED] != 0;
    for (guint i = 0; i < flags[SCANNERS]; i++) {
        if (!take_scanner(set, &cursor))
            return;
    }
}

gboolean pd_rule_set_passed(const PdRuleSet *set)
{
    return set->passed;
}

/* The scanners that are kept already stay. */
PdStatus *pd_rule_set_remember(PdRuleSet *set, const char *cache)
{
    g_autoptr(GBytes) kept = read_content(set, cache);
    g_autoptr(GByteArray) content = g_byte_array_new();
    const guint8 none[FLAGS] = {0};

    if (kept != NULL)
        g_byte_array_append(content, g_bytes_get_data(kept, NULL), (guint)g_bytes_get_size(kept));
    else
        g_byte_array_append(content, none, sizeof none);
    set->passed = TRUE;
    content->data[PASSED] = TRUE;
    return write_content(set, cache, content);
}

static gboolean is_worth_it(const PdRuleSet *set, guint slot, guint least_uses)
{
    g_autoptr(GArray) ids = uses_of(set, slot);

    return ids->len >= least_uses;
}

gboolean pd_rule_set_wants_compiling(const PdRuleSet *set)
{
    if (pd_scanner_library() == NULL || set->compiled)
        return FALSE;
    for (guint slot = 0; slot < pd_rule_set_slots(set); slot++) {
        if (is_worth_it(set, slot, LEAST_USES))
            return TRUE;
    }
    return FALSE;
}

static void add_section(GByteArray *content, guint slot, const GByteArray *known, GBytes *database)
{
    SectionHead head = {slot, known->len, g_bytes_get_size(database)};

    g_byte_array_append(content, (const guint8 *)&head, sizeof head);
    g_byte_array_append(content, known->data, known->len);
    g_byte_array_append(content, g_bytes_get_data(database, NULL), (guint)head.length);
    content->data[SCANNERS]++;
}

static void compile_slot(const PdRuleSet *set, guint slot, GByteArray *content)
{
    g_autoptr(GArray) ids = uses_of(set, slot);
    g_autoptr(GPtrArray) patterns = g_ptr_array_new_with_free_func(g_free);
    g_autofree gboolean *taken = g_new0(gboolean, ids->len + 1);
    g_autoptr(GByteArray) known = g_byte_array_new();

    for (guint i = 0; i < ids->len; i++) {
        guint id = g_array_index(ids, guint, i);
        const PdPattern *pattern = g_array_index(set->uses, PdSlotUse, id).pattern;
        g_ptr_array_add(patterns, pd_pattern_weaken(pd_pattern_rewritten(pattern)));
    }
    g_autoptr(PdScanner) scanner = pd_scanner_compile(
        (const char *const *)patterns->pdata, (const guint *)(gpointer)ids->data, ids->len, taken);
    g_autoptr(GBytes) database = scanner != NULL ? pd_scanner_write(scanner) : NULL;
    for (guint i = 0; i < ids->len; i++) {
        guint8 byte = taken[i] != FALSE;
        g_byte_array_append(known, &byte, 1);
    }
    if (database != NULL)
        add_section(content, slot, known, database);
}

/* Another process may have compiled just this set, or seen its tests pass, meanwhile. */
PdStatus *pd_cache_compile(const PdRuleSet *set, const char *path, guint least_uses)
{
    g_autoptr(GBytes) kept = read_content(set, path);
    g_autoptr(GByteArray) content = g_byte_array_new();
    const guint8 *before = kept != NULL ? g_bytes_get_data(kept, NULL) : NULL;
    guint8 flags[FLAGS] = {[PASSED] = set->passed, [COMPILED] = TRUE};

    if (before != NULL && before[COMPILED] != 0)
        return NULL;
    if (before != NULL && before[PASSED] != 0)
        flags[PASSED] = TRUE;
    g_byte_array_append(content, flags, sizeof flags);
    for (guint slot = 0; slot < pd_rule_set_slots(set); slot++) {
        if (is_worth_it(set, slot, least_uses) && content->data[SCANNERS] < G_MAXUINT8)
            compile_slot(set, slot, content);
    }
    return write_content(set, path, content);
}

PdStatus *pd_rule_set_compile(const PdRuleSet *set, const char *cache)
{
    return pd_cache_compile(set, cache, LEAST_USES);
}
