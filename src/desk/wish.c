/* wish.c: see wish.h.
 *
 *   mail: digest                 at-once (the default) | digest
 *   digest: [09:00, 17:00]       or "09:00, 17:00"; 09:00 unless it is said
 *   digest_on: workdays          workdays (the default) | every-day
 *   quiet_hours: 20:00-08:00     or none; the desk's own unless it is said
 */
#include "desk/wish.h"

#include <stdlib.h>
#include <string.h>

#define USUAL_DIGEST (9 * 60)

static gint compare_minutes(const void *one, const void *other)
{
    return *(const gint *)one - *(const gint *)other;
}

static void add_time(const PdReading *reading, const PdYamlNode *node, const char *text,
                     PdMailWish *wish)
{
    gint minute = 0;

    if (!pd_hours_parse_time(text, &minute)) {
        pd_reading_complain(reading, node, "'%s' is no time of the day; write 09:00", text);
        return;
    }
    for (guint i = 0; i < wish->digests; i++) {
        if (wish->digest_at[i] == minute) {
            pd_reading_complain(reading, node, "%s stands there twice", text);
            return;
        }
    }
    if (wish->digests < PD_MOST_DIGESTS)
        wish->digest_at[wish->digests++] = minute;
    else
        pd_reading_complain(reading, node, "a day has at most %d digests", PD_MOST_DIGESTS);
}

/* A list of times, or one text with commas. */
static void read_times(const PdReading *reading, const PdYamlNode *node, PdMailWish *wish)
{
    g_autofree const PdYamlNode **items = pd_reading_items(node);

    for (guint i = 0; items[i] != NULL; i++) {
        const char *text = pd_reading_text(reading, items[i], "a time of the day");
        g_auto(GStrv) times = text != NULL ? g_strsplit(text, ",", -1) : NULL;
        for (char **time = times; time != NULL && *time != NULL; time++)
            add_time(reading, items[i], g_strstrip(*time), wish);
    }
    if (items[0] == NULL)
        pd_reading_complain(reading, node, "the digest has no time; write 'digest: [09:00]'");
    qsort(wish->digest_at, wish->digests, sizeof wish->digest_at[0], compare_minutes);
}

static gint read_choice(const PdReading *reading, const PdYamlNode *node, const char *const *words,
                        const char *what)
{
    return node != NULL ? pd_reading_choice(reading, node, words, what) : 0;
}

static void read_quiet(const PdReading *reading, const PdYamlNode *node, PdMailWish *wish)
{
    const char *text = node != NULL ? pd_reading_text(reading, node, "hours") : NULL;

    if (text == NULL)
        return;
    wish->has_quiet = strcmp(text, "none") == 0 || pd_hours_parse(text, &wish->quiet);
    if (!wish->has_quiet)
        pd_reading_complain(reading, node, "'%s' are no hours; write 22:00-07:00, or none", text);
}

void pd_wish_read(const PdReading *reading, const PdYamlNode *map, PdMailWish *wish)
{
    static const char *const ways[] = {"at-once", "digest", NULL};
    static const char *const days[] = {"workdays", "every-day", NULL};
    const PdYamlNode *times = pd_yaml_get(map, "digest");

    wish->digest = read_choice(reading, pd_yaml_get(map, "mail"), ways, "a way to be mailed") == 1;
    wish->workdays =
        read_choice(reading, pd_yaml_get(map, "digest_on"), days, "when digests come") != 1;
    read_quiet(reading, pd_yaml_get(map, "quiet_hours"), wish);
    if (times != NULL)
        read_times(reading, times, wish);
    if (times != NULL && !wish->digest)
        pd_reading_complain(reading, times,
                            "digests come only to who wants them; add 'mail: digest'");
    if (wish->digests == 0)
        wish->digest_at[wish->digests++] = USUAL_DIGEST;
}
