/* escalation.h: the file's part of it; see postdesk/escalation.h. */
#ifndef DESK_ESCALATION_H
#define DESK_ESCALATION_H

#include "desk/reading.h"
#include "postdesk/escalation.h"

PdEscalation *pd_escalation_new(void);
void pd_escalation_free(PdEscalation *escalation);
/* "escalation" and "reminders" of targets.yaml; either may be NULL. */
void pd_escalation_read(PdEscalation *escalation, const PdReading *reading,
                        const PdYamlNode *escalation_node, const PdYamlNode *reminders);

#endif
