/* token_command.c: see token_command.h. */
#include "token_command.h"

#include "postdesk/program.h"

PdStatus *pd_token_command_run(char *const *argv, gint64 most_time, char *output, gsize *length)
{
    const PdProgram program = {
        .argv = argv,
        .input = -1,
        .most_time = most_time,
        .most_output = PD_SECRET_MOST,
        .spoils = PD_SPOILS_MAILBOX,
        .what = "token command",
        .advice = "run the token command by hand, as the service's user",
        .start_advice = "check the path of token_command and that it may be executed",
    };

    return pd_program_run(&program, output, length);
}
