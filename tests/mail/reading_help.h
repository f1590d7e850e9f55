/* reading_help.h: reads a message written in a test. */
#ifndef READING_HELP_H
#define READING_HELP_H

#include "mail_test.h"
#include "postdesk/mail.h"
#include <string.h>

static inline PdMail *read_with(const char *message, const PdMailOptions *options)
{
    PdMail *mail = NULL;
    g_autoptr(PdStatus) status = pd_mail_read_bytes(message, strlen(message), options, &mail);

    ck_assert_msg(status == NULL, "%s", status != NULL ? pd_status_text(status) : "");
    return mail;
}

/* The desk is desk@example.com; mx.example.com is believed. */
static inline PdMail *read_mail(const char *message)
{
    static const char *const own[] = {"desk@example.com", "support@example.com", NULL};
    static const char *const ids[] = {"mx.example.com", NULL};
    static const PdMailOptions options = {
        .own_addresses = own, .authserv_ids = ids, .with_html = TRUE};

    return read_with(message, &options);
}

#endif
