/* callrecord.h: a call taken down at this machine, as it is stored: a message of the desk's own
 * that says who took it down and who called. It is read as its caller's (rules, threading, the
 * answer), while the ticket's events name who entered it, and that it was at the command line. */
#ifndef POSTDESK_CALLRECORD_H
#define POSTDESK_CALLRECORD_H

#define PD_CALL_TAKEN_BY "X-Postdesk-Taken-By"
#define PD_CALL_NAME "X-Postdesk-Caller"            /* or none */
#define PD_CALL_ADDRESS "X-Postdesk-Caller-Address" /* or none: nobody can be answered */
/* What the ticket is opened with instead of what the rules say, each or none. */
#define PD_CALL_PRIORITY "X-Postdesk-Priority"
#define PD_CALL_CATEGORY "X-Postdesk-Category"
#define PD_CALL_QUEUE "X-Postdesk-Queue"
#define PD_CALL_ASSIGNEE "X-Postdesk-Assignee"

#endif
