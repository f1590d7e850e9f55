/* doctor.h: what the files of doctor share. */
#ifndef PD_CLI_DOCTOR_H
#define PD_CLI_DOCTOR_H

#include "cli.h"

typedef enum { PD_FINDING_GOOD, PD_FINDING_WARNING, PD_FINDING_BAD } PdFinding;

typedef struct {
    PdCli *cli;
    PdJson *findings;
    guint bad;
} PdDoctor;

/* advice may be NULL. */
void pd_doctor_find(PdDoctor *doctor, PdFinding finding, const char *subject, const char *text,
                    const char *advice);
/* Whether the servers whose word about senders is believed (authserv_ids) keep what they should:
 * by the mail that is stored. The store is open. */
void pd_doctor_look_at_trust(PdDoctor *doctor);

#endif
