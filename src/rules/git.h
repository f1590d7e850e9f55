/* git.h: the commit that a folder stands at; of a copy see pd_rules_copy_commit(). */
#ifndef RULES_GIT_H
#define RULES_GIT_H

/* In hex; NULL if the folder is in no checkout, or it cannot be told. Caller frees. */
char *pd_git_commit(const char *folder);

#endif
