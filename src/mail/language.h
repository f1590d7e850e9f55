/* language.h: in which language a text is written. */
#ifndef POSTDESK_MAIL_LANGUAGE_H
#define POSTDESK_MAIL_LANGUAGE_H

/* "zh_CN", "zh_TW", "en", another ISO 639 code, or "" if it cannot be told. Caller frees. */
char *pd_language_of(const char *subject, const char *text);

#endif
