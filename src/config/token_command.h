/* token_command.h: the admin's program that prints an access token. */
#ifndef PD_CONFIG_TOKEN_COMMAND_H
#define PD_CONFIG_TOKEN_COMMAND_H

#include "postdesk/secrets.h"

#define PD_SECRET_MOST 65536 /* bytes of a secret, and of what a command may print */

/* Runs argv[0] (a path; no shell) and fills output, which holds PD_SECRET_MOST
 * bytes. When it returns the process is gone, killed if it took or printed too much. */
PdStatus *pd_token_command_run(char *const *argv, gint64 most_time, char *output, gsize *length);

/* pd_secret_from_command() with another bound of time. */
PdStatus *pd_secret_from_command_within(char *const *argv, gint64 most_time, PdSecret **secret);

#endif
