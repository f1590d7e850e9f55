/* mutate.c: see mutate.h. Input number N of a seed is always the same, so that a finding can be
 * made again from two numbers; these lie in shared memory, where a crash leaves them. */
#include "mutate.h"

#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST_INPUT (64 * 1024)
#define NOTE_SIZE 64

static GPtrArray *read_seeds(char letter, char **files)
{
    GPtrArray *seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

    for (; *files != NULL; files++) {
        char *bytes;
        gsize length;
        if (!g_file_get_contents(*files, &bytes, &length, NULL))
            continue;
        if (length > 0 && bytes[0] == letter && length < MOST_INPUT)
            g_ptr_array_add(seeds, g_bytes_new_take(bytes, length));
        else
            g_free(bytes);
    }
    return seeds;
}

static char *open_note(char letter)
{
    g_autofree char *path = g_strdup_printf("fuzz-%c.last", letter);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0 || ftruncate(fd, NOTE_SIZE) != 0)
        return NULL;
    char *note = mmap(NULL, NOTE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return note != MAP_FAILED ? note : NULL;
}

static const guint8 *some_seed(GRand *random, GPtrArray *seeds, gsize *length)
{
    return g_bytes_get_data(seeds->pdata[g_rand_int_range(random, 0, (gint32)seeds->len)], length);
}

/* A piece of any seed, put in anywhere behind the letter, or in place of what is there. */
static void put_piece(GRand *random, GPtrArray *seeds, GByteArray *input)
{
    gsize length;
    const guint8 *other = some_seed(random, seeds, &length);
    gsize from = (gsize)g_rand_int_range(random, 0, (gint32)length);
    gsize piece = 1 + (gsize)g_rand_int_range(random, 0, (gint32)MIN(length - from, 200));
    guint repeat = g_rand_int_range(random, 0, 8) == 0 ? 50 : 1;
    guint at = 1 + (guint)g_rand_int_range(random, 0, (gint32)input->len);
    g_autoptr(GByteArray) tail = g_byte_array_new();

    at = MIN(at, input->len);
    piece = MIN(piece, length - from);
    g_byte_array_append(tail, input->data + at, input->len - at);
    g_byte_array_set_size(input, at);
    for (guint i = 0; i < repeat && input->len < MOST_INPUT; i++)
        g_byte_array_append(input, other + from, (guint)piece);
    guint skip = g_rand_boolean(random) ? MIN((guint)piece, tail->len) : 0;
    g_byte_array_append(input, tail->data + skip, tail->len - skip);
}

static void cut(GByteArray *input, guint at, guint length)
{
    g_byte_array_remove_range(input, at, MIN(length, input->len - at));
}

static void mutate_once(GRand *random, GPtrArray *seeds, GByteArray *input)
{
    static const char telling[] = "<>\"'=?;:,()[]@\\/&#%-_ \t\r\n\x1b\x80\xe4\xff";
    guint at = 1 + (guint)g_rand_int_range(random, 0, (gint32)input->len);

    if (at >= input->len || g_rand_int_range(random, 0, 3) == 0) {
        put_piece(random, seeds, input);
        return;
    }
    switch (g_rand_int_range(random, 0, 4)) {
    case 0:
        input->data[at] ^= (guint8)(1 << g_rand_int_range(random, 0, 8));
        break;
    case 1:
        input->data[at] = (guint8)telling[g_rand_int_range(random, 0, sizeof(telling) - 1)];
        break;
    case 2:
        input->data[at] = (guint8)g_rand_int_range(random, 0, 256);
        break;
    default:
        cut(input, at, (guint)g_rand_int_range(random, 1, 40));
    }
}

static GByteArray *make_input(uint64_t seed, uint64_t number, GPtrArray *seeds)
{
    const guint32 words[] = {(guint32)seed, (guint32)(seed >> 32), (guint32)number,
                             (guint32)(number >> 32)};
    GRand *random = g_rand_new_with_seed_array(words, G_N_ELEMENTS(words));
    GByteArray *input = g_byte_array_new();
    gsize length;
    const guint8 *first = some_seed(random, seeds, &length);

    g_byte_array_append(input, first, (guint)length);
    for (int i = g_rand_int_range(random, 1, 12); i > 0 && input->len < MOST_INPUT; i--)
        mutate_once(random, seeds, input);
    g_rand_free(random);
    return input;
}

static int make_again(FuzzTarget target, char letter, GPtrArray *seeds, uint64_t seed, int64_t only)
{
    g_autoptr(GByteArray) input = make_input(seed, (uint64_t)only, seeds);
    g_autofree char *path = g_strdup_printf("fuzz-%c.input", letter);

    g_file_set_contents(path, (const char *)input->data, (gssize)input->len, NULL);
    return target(input->data, input->len);
}

static int fuzz_mutate(FuzzTarget target, char letter, char **files, double seconds, uint64_t seed,
                       int64_t only)
{
    g_autoptr(GPtrArray) seeds = read_seeds(letter, files);
    gint64 end = g_get_monotonic_time() + (gint64)(seconds * 1000000);
    uint64_t number = 0;

    if (seeds->len == 0) {
        fprintf(stderr, "no seed begins with '%c'\n", letter);
        return 1;
    }
    if (only >= 0)
        return make_again(target, letter, seeds, seed, only);
    char *note = open_note(letter);
    for (; g_get_monotonic_time() < end; number++) {
        g_autoptr(GByteArray) input = make_input(seed, number, seeds);
        if (note != NULL)
            g_snprintf(note, NOTE_SIZE, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
                       (guint64)seed, (guint64)number);
        target(input->data, input->len);
    }
    printf("%c: %" G_GUINT64_FORMAT " inputs, no finding (seed %" G_GUINT64_FORMAT ")\n", letter,
           (guint64)number, (guint64)seed);
    return 0;
}

static int read_files(FuzzTarget target, char **files)
{
    int count = 0;

    for (; *files != NULL; files++, count++) {
        g_autofree char *bytes = NULL;
        gsize length;
        if (!g_file_get_contents(*files, &bytes, &length, NULL))
            return 1;
        target((const uint8_t *)bytes, length);
    }
    printf("%d seeds read\n", count);
    return 0;
}

int fuzz_main(FuzzTarget target, int argc, char **argv)
{
    gboolean for_time = argc > 5 && strcmp(argv[1], "--for") == 0;
    gboolean again = argc > 5 && strcmp(argv[1], "--again") == 0;

    if (!for_time && !again)
        return read_files(target, argv + 1);
    return fuzz_mutate(target, argv[3][0], argv + 5, for_time ? g_ascii_strtod(argv[2], NULL) : 0,
                       g_ascii_strtoull(argv[4], NULL, 10),
                       again ? g_ascii_strtoll(argv[2], NULL, 10) : -1);
}
