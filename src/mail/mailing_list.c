/* mailing_list.c: see mailing_list.h; the fields of RFC 2369 and 2919, and those of before. */
#include "mailing_list.h"

#include "sign.h"
#include <string.h>

static const struct {
    const char *field;
    char at; /* what stands for the "@" of the list's address; 0: it does not stand there */
} marks[] = {{"List-Id", '.'},        {"List-Post", '@'},   {"Mailing-List", '@'},
             {"X-Mailing-List", '@'}, {"X-BeenThere", '@'}, {"List-Help", 0}};

const char *pd_mailing_list_mark(const PdReading *reading)
{
    const char *precedence = pd_sign(reading, "Precedence");

    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (pd_sign(reading, marks[i].field) != NULL)
            return marks[i].field;
    }
    return precedence != NULL && g_ascii_strcasecmp(precedence, "list") == 0 ? "Precedence: list"
                                                                             : NULL;
}

/* "<mailto:list@example.org>", "list list@example.org; contact …" or "<list.example.org>": does the
 * value name the address? */
static gboolean names_address(const char *value, const char *address, char at)
{
    g_autofree char *folded = g_ascii_strdown(value, -1);
    g_autofree char *wanted = g_ascii_strdown(address, -1);

    g_strdelimit(wanted, "@", at);
    for (const char *found = folded; *found != '\0' && (found = strstr(found, wanted)) != NULL;
         found++) {
        char after = found[strlen(wanted)];
        char before = found == folded ? '<' : found[-1];
        if (strchr("<: ,", before) != NULL && (after == '\0' || strchr(">?,; ", after) != NULL))
            return TRUE;
    }
    return FALSE;
}

/* Any field of that name: several lists may have passed it on. */
static gboolean is_named_in(const PdMail *mail, const char *field, char at, const char *address)
{
    for (guint i = 0; i < mail->headers->len; i++) {
        const PdHeader *header = g_ptr_array_index(mail->headers, i);
        if (g_ascii_strcasecmp(header->name, field) == 0 &&
            names_address(header->value, address, at))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_one_of(const char *address, const GPtrArray *addresses)
{
    for (guint i = 0; i < addresses->len; i++) {
        const PdAddress *one = g_ptr_array_index(addresses, i);
        if (pd_address_equal(one->address, address))
            return TRUE;
    }
    return FALSE;
}

/* A list that is named nowhere: what was written to it, and answers are to go to it again. */
static gboolean is_written_to(const PdMail *mail, const char *address)
{
    return mail->via == PD_VIA_LIST && is_one_of(address, mail->reply_to) &&
           (is_one_of(address, mail->to) || is_one_of(address, mail->cc)) &&
           !(mail->from != NULL && pd_address_equal(address, mail->from->address));
}

gboolean pd_mailing_list_is_post(const PdMail *mail, const char *address)
{
    return is_named_in(mail, "List-Post", '@', address);
}

gboolean pd_mail_is_list(const PdMail *mail, const char *address)
{
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (marks[i].at != 0 && is_named_in(mail, marks[i].field, marks[i].at, address))
            return TRUE;
    }
    return is_written_to(mail, address);
}
