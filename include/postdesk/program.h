/* program.h: another program, run once: bounded in time and output, no shell between.
 *
 * When a run returns, the program is gone, with all that it started in its process group.
 */
#ifndef POSTDESK_PROGRAM_H
#define POSTDESK_PROGRAM_H

#include "postdesk/status.h"
#include <glib.h>

typedef struct {
    char *const *argv;        /* argv[0] is a path */
    int input;                /* descriptor for its standard input; -1: nothing */
    gint64 most_time;         /* microseconds */
    gsize most_output;        /* bytes */
    PdSpoils spoils;          /* what is spoilt if it fails */
    const char *what;         /* "token command": names it in a status */
    const char *advice;       /* what a person should do if it fails */
    const char *start_advice; /* and if it cannot even be started */
} PdProgram;

/* From now on in this process a run is given up, with a status to try again, soon after this says
 * TRUE. */
void pd_program_give_up_when(gboolean (*asked)(void));

/* Fills output, which holds most_output bytes, with what it printed. */
PdStatus *pd_program_run(const PdProgram *program, char *output, gsize *length);

#endif
