/* desk_bench.h: what the files of desk_bench share. */
#ifndef PD_BENCH_DESK_BENCH_H
#define PD_BENCH_DESK_BENCH_H

#include "postdesk/desk.h"
#include "postdesk/inbox.h"

/* A desk with its store, opened as a role opens it. */
typedef struct {
    PdConfig *config;
    PdStore *store;
    PdDesk *desk;
    PdRawWriter *writer;
    gint64 tickets; /* when it was opened */
} Bench;

/* Whatever fails ends the program. */
void bench_require(PdStatus *status);
Bench *bench_open(const char *config);
void bench_close(Bench *bench);
/* Takes a mail in, in the running transaction. */
gint64 bench_take(Bench *bench, const char *bytes, guint32 uid);
/* All rows that wait, at most so many. */
GPtrArray *bench_waiting(Bench *bench, guint most);

/* Fills the store until it holds so many tickets. */
void bench_fill(Bench *bench, gint64 tickets, gboolean with_words);

/* Ways of measuring: their arguments are those of the command line, their result that of main(). */
int bench_process(char **arguments);
int bench_timers(char **arguments);
int bench_list(char **arguments);
int bench_search(char **arguments);
int bench_index(char **arguments);

#endif
