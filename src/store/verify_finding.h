/* verify_finding.h: what verifying is about, and the list of what differs. */
#ifndef PD_STORE_VERIFY_FINDING_H
#define PD_STORE_VERIFY_FINDING_H

#include "container.h"
#include "postdesk/upkeep.h"

typedef struct {
    PdStore *store;
    PdDiagnostics *list;
    PdVerified *counts;
    PdMeter *meter;
    /* By inbox id: the ticket that the ledger says the message went to, until an event of
     * that ticket names the message. */
    GArray *awaited; /* of gint64 */
} PdVerify;

/* Puts a difference into the list: subject "ticket #12". */
void pd_verify_differs(PdVerify *verify, const char *subject, gint64 number, const char *format,
                       ...) G_GNUC_PRINTF(4, 5);

#endif
