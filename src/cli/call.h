/* call.h: a call or a visit, written down as a message of the desk's own (callrecord.h). */
#ifndef PD_CLI_CALL_H
#define PD_CLI_CALL_H

#include "postdesk/config.h"
#include "postdesk/json.h"

typedef struct {
    const char *name;    /* of the caller, or NULL */
    const char *address; /* or NULL: then nobody can be answered */
    const char *phone;   /* or NULL */
    const char *subject;
    const char *text;
    const char *taken_by; /* who wrote it down */
    const PdJson *set;    /* fields of the ticket: priority, category, queue, assignee */
} PdTakenCall;

/* A complete message, CRLF; caller frees. What is typed cannot make a header. */
char *pd_call_compose(const PdConfig *config, const PdTakenCall *call);

#endif
