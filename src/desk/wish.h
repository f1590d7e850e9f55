/* wish.h: what a person of people.yaml says about when he wants to be mailed. */
#ifndef DESK_WISH_H
#define DESK_WISH_H

#include "desk/reading.h"
#include "postdesk/people.h"

/* The keys of a person that are read here. */
#define PD_WISH_KEYS "mail", "digest", "digest_on", "quiet_hours"

/* All of them into the wish, or their defaults; complains of what is wrong. */
void pd_wish_read(const PdReading *reading, const PdYamlNode *map, PdMailWish *wish);

#endif
