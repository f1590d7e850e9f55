/* show.h: one ticket with its messages, mails and events, as JSON and as text for people. */
#ifndef PD_CLI_SHOW_H
#define PD_CLI_SHOW_H

#include "cli.h"
#include "postdesk/tickets.h"

/* A status if there is none of this number. */
PdStatus *pd_show_find(PdCli *cli, gint64 number, PdTicket **ticket);
/* As the man page describes it. */
PdStatus *pd_show_document(PdCli *cli, gint64 number, PdJson **document);
void pd_show_print(const PdPrint *print, const PdJson *ticket);

#endif
