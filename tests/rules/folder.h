/* folder.h: rule folders made for a test, and a mail to try them on. */
#ifndef TESTS_RULES_FOLDER_H
#define TESTS_RULES_FOLDER_H

#include "postdesk/rules.h"

/* A new folder with matrix.yaml in it; caller frees with folder_remove(). */
char *folder_new(void);
void folder_remove(char *folder);
void folder_write(const char *folder, const char *name, const char *text, gsize length);

/* A set of one rule file of this text; NULL with errors in the list. */
PdRuleSet *set_of(const char *text, PdDiagnostics *list);

/* A plain mail of a person. */
PdMail *mail_of(const char *from, const char *subject, const char *body);

#endif
