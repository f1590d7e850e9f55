/* verify.h: the parts of pd_store_verify(). */
#ifndef PD_STORE_VERIFY_H
#define PD_STORE_VERIFY_H

#include "verify_finding.h"

/* Every inbox row: its raw bytes, its outcome. */
PdStatus *pd_verify_ledger(PdVerify *verify);
/* In a read snapshot, as the tickets: every decision with what many of them say alike. */
PdStatus *pd_verify_decisions(PdVerify *verify);
/* Every ticket against its events, in a read snapshot. */
PdStatus *pd_verify_tickets(PdVerify *verify);

#endif
