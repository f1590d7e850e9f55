/* explain_print.h: what explain tells, as text for people. */
#ifndef PD_CLI_EXPLAIN_PRINT_H
#define PD_CLI_EXPLAIN_PRINT_H

#include "print.h"

/* why: as pd_desk_explain() and pd_desk_explain_stored() make it. all: rules that do not apply,
 * too, each with its conditions. */
void pd_explain_print(const PdPrint *print, const PdJson *why, gboolean all);

#endif
