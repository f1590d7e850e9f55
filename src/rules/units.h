/* units.h: a text as a row of units: a run of letters and digits is one, and so is every other
 * character by itself, a Chinese one too. Units that were learned have numbers; letters a to z are
 * the same in either case. One thread uses it. */
#ifndef RULES_UNITS_H
#define RULES_UNITS_H

#include <glib.h>

typedef struct pd_units PdUnits;

/* A unit of a text. */
typedef struct {
    guint32 number, end; /* 0: it was not learned; end: bytes */
} PdUnitPlace;

PdUnits *pd_units_new(void);
void pd_units_free(PdUnits *units);

/* The units of a text, until the next one. Borrowed. */
const PdUnitPlace *pd_units_split(PdUnits *units, const char *text, gsize length, guint *count);
/* The same, and learns those that are new. */
const PdUnitPlace *pd_units_learn(PdUnits *units, const char *text, gsize length, guint *count);

#endif
