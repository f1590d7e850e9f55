/* call_record.c: a call taken down at this machine, read from its message; see
 * postdesk/callrecord.h. The headers count only in what came by that door: others may write them
 * into any mail. */
#include "desk/call.h"
#include "postdesk/callrecord.h"

#include "postdesk/text.h"
#include <string.h>

static char *value_of(const PdMail *mail, const char *header)
{
    const char *value = pd_mail_header(mail, header);

    return value != NULL && value[0] != '\0' ? g_strdup(value) : NULL;
}

static void say_how(const PdCall *call, PdMail *mail)
{
    g_ptr_array_set_size(mail->evidence, 0);
    g_ptr_array_add(mail->evidence, g_strdup_printf("a call, taken down at the command line by %s",
                                                    call->taken_by));
}

PdCall *pd_call_of_record(const PdConfig *config, const PdInboxRow *row, PdMail *mail)
{
    g_autofree char *name = value_of(mail, PD_CALL_NAME);
    g_autofree char *address = value_of(mail, PD_CALL_ADDRESS);
    g_autofree char *taken_by = value_of(mail, PD_CALL_TAKEN_BY);

    if (strcmp(row->mailbox, PD_MAILBOX_CALL) != 0 || taken_by == NULL ||
        (name == NULL && address == NULL) || (address != NULL && !pd_text_is_address(address)))
        return NULL;
    PdCall *call = g_new0(PdCall, 1);
    call->problems = g_ptr_array_new();
    call->name = g_steal_pointer(&name);
    call->address = g_steal_pointer(&address);
    call->taken_by = g_steal_pointer(&taken_by);
    call->subject = g_strdup(mail->subject);
    call->text = g_strdup(mail->full_text);
    call->priority = value_of(mail, PD_CALL_PRIORITY);
    call->category = value_of(mail, PD_CALL_CATEGORY);
    call->queue = value_of(mail, PD_CALL_QUEUE);
    call->assignee = value_of(mail, PD_CALL_ASSIGNEE);
    call->channel = "cli";
    call->standing.proofs = PD_PROOF_LOCAL;
    pd_call_become_callers(call, config, mail);
    say_how(call, mail);
    return call;
}
