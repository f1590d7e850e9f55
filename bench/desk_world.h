/* desk_world.h: the tickets of a desk that never was: what each holds follows from its number, so
 * that whoever knows the number can write the mail that belongs to it.
 *
 * Three in five write Chinese. Words are drawn so that the n-th most frequent one is n times rarer
 * than the first, as in any language: a few stand in every second ticket, most in one or two.
 * Every third text holds one of MARK_FIRST, MARK_SECOND, MARK_THIRD each; no text holds two of
 * them.
 */
#ifndef PD_BENCH_DESK_WORLD_H
#define PD_BENCH_DESK_WORLD_H

#include <glib.h>

#define MARK_FIRST "parsifal" /* in a third of all texts, and never beside another mark */
#define MARK_SECOND "lohengrin"
#define MARK_THIRD "tannhauser"

typedef struct {
    gint64 number;
    gboolean is_chinese, is_open, is_answered; /* is_answered: its reporter wrote twice */
    gboolean is_watched;                       /* of a monitoring system, with a merge key */
    char *subject, *text, *name, *reporter, *department, *message_id, *merge_key, *file;
    const char *category, *queue, *priority;
} WorldTicket;

/* The ticket with this number of so many; of tickets beyond those: a new one. */
WorldTicket *world_ticket(gint64 number, gint64 total);
void world_ticket_free(WorldTicket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorldTicket, world_ticket_free)

/* The mail that opened it; caller frees. */
char *world_opening(const WorldTicket *ticket, gint64 at);
/* Any mail; NULL where a header is absent. */
typedef struct {
    const char *message_id, *name, *from, *to, *subject, *in_reply_to, *text;
    gint64 at;
} WorldMail;
char *world_mail(const WorldMail *mail);

/* The n-th most frequent words of either language, from 0. */
const char *world_english(guint rank);
const char *world_chinese(guint rank);

/* A number below most, the same for the same seed. */
guint64 world_chance(guint64 *seed, guint64 most);

#endif
