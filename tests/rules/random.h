/* random.h: patterns and texts that meet, for tests of what must hold for all of them. */
#ifndef TESTS_RULES_RANDOM_H
#define TESTS_RULES_RANDOM_H

#include <glib.h>

char *pd_random_pattern(GRand *random, guint depth); /* caller frees, as below */
char *pd_random_text(GRand *random);

#endif
