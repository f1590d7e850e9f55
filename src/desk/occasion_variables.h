/* occasion_variables.h: the lists of variables that occasions.c puts together, each with a line of
 * help and a sample value.
 *
 * Samples stand in for a ticket where a template is only looked at. Those of a list's members are
 * one line for each entry, those of a list of lines one for each line; an empty one is null.
 * postdesk-templates(5) lists the same.
 */
#ifndef DESK_OCCASION_VARIABLES_H
#define DESK_OCCASION_VARIABLES_H

#include "desk/occasions.h"

#define TEXT(english, chinese) PD_VALUE_TEXT, english, chinese
#define SAME(sample) PD_VALUE_TEXT, sample, sample
#define LINES(english, chinese) PD_VALUE_LINES, english, chinese
#define FLAG(sample) PD_VALUE_FLAG, sample, sample
#define LIST PD_VALUE_LIST, "", ""
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, PD_VALUE_TEXT, NULL, NULL                                                      \
    }

/* Each ends with END. */
extern const PdVariable pd_of_ticket[];
extern const PdVariable pd_of_message[];
extern const PdVariable pd_of_change[];
extern const PdVariable pd_of_said[];
extern const PdVariable pd_of_handed[];
extern const PdVariable pd_of_verdict[];
extern const PdVariable pd_of_letting_off[];
extern const PdVariable pd_of_assignment[];
extern const PdVariable pd_of_attached[];
extern const PdVariable pd_of_call[];
extern const PdVariable pd_of_form[];
extern const PdVariable pd_of_escalation[];
extern const PdVariable pd_of_reminder[];
extern const PdVariable pd_of_refusal[];
extern const PdVariable pd_of_help[];
extern const PdVariable pd_of_undone[];
extern const PdVariable pd_of_handover[];
extern const PdVariable pd_of_digest[];
extern const PdVariable pd_of_unknown[];
extern const PdVariable pd_of_alarm[];

#endif
