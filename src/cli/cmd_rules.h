/* cmd_rules.h: what rules does with the mail that is stored; each a file of its own. */
#ifndef PD_CLI_CMD_RULES_H
#define PD_CLI_CMD_RULES_H

#include "cli.h"

PdStatus *pd_cmd_rules_replay(PdCli *cli);
PdStatus *pd_cmd_rules_stats(PdCli *cli);
PdStatus *pd_cmd_rules_suggest(PdCli *cli);
/* "90d" ago, as an instant; 0 for NULL. */
PdStatus *pd_rules_since(const char *text, gint64 *since);

#endif
