/* shortmail.h: a mail in short form, as tests in rule files give it. */
#ifndef RULES_SHORTMAIL_H
#define RULES_SHORTMAIL_H

#include "rules/reader.h"

/* The keys of the short form with these before them, NULL-terminated; caller frees. */
char **pd_short_mail_keys(const char *const *more);
/* The keys must be checked before. Never NULL. */
PdMail *pd_short_mail_read(PdReader *reader, const PdYamlNode *map);

#endif
