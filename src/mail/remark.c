/* remark.c: thanks alone; absences that no header tells of are absence.c's.
 *
 * A wrong guess would hide a person's "still broken", so the vocabulary is closed: a text is
 * thanks only if every word of it is one of those of clause_eastern.c and clause_western.c. What
 * follows a word of thanks may name what the thanks are for ("thanks for the help"); a clause
 * without one may only confirm ("it works now"), since "please help" is a request. Greetings and
 * the sender's own name do not count, nor what stands below about who it is (identity.c). A picture
 * that nods is thanks, too. A question is never thanks.
 */
#include "remark.h"

#include "absence.h"
#include "clause.h"
#include "postdesk/identity.h"
#include "postdesk/text.h"
#include "sign.h"
#include <string.h>

#define MOST_THANKS 300 /* bytes of a text that may be thanks alone */
#define MOST_SIGNED 700 /* and with what tells who wrote it */

/* The words of the name or of the address that the mail is from. */
static gboolean is_own_name(const PdMail *mail, const char *clause)
{
    if (mail->from == NULL)
        return FALSE;
    g_autofree char *who = g_strconcat(mail->from->name, " ", mail->from->address, NULL);
    g_autofree char *known = g_utf8_strdown(who, -1);

    return pd_says_all_words(known, clause);
}

static PdClause classify(const PdMail *mail, const char *clause, gboolean is_first)
{
    PdClause found = pd_clause_is_eastern(clause) ? pd_clause_eastern(clause)
                                                  : pd_clause_western(clause, is_first);

    return found == PD_CLAUSE_OTHER && is_own_name(mail, clause) ? PD_CLAUSE_POLITE : found;
}

static gboolean ends_clause(gunichar c)
{
    return c == '\n' || (c < 0x80 && strchr(".!,;:~()*-_", (char)c) != NULL) ||
           (c >= 0x3000 && c <= 0x3002) || c == 0x2026 || c == 0x2014 || c == 0xff01 ||
           c == 0xff0c || c == 0xff1b || c == 0xff1a || c == 0xff5e || c == 0xff08 || c == 0xff09;
}

/* Pictures of feelings are no words. */
static gboolean is_picture(gunichar c)
{
    return (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) || c == 0xfe0f ||
           c == 0x200d;
}

/* The clauses of a text in lower case, white space folded, without marks; of char *. */
static GPtrArray *clauses_of(const char *text)
{
    GPtrArray *clauses = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *lower = g_utf8_strdown(text, -1);
    g_autoptr(GString) clause = g_string_new(NULL);

    for (const char *c = lower;; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        if (character != '\0' && !ends_clause(character)) {
            if (!is_picture(character))
                g_string_append_unichar(clause, character);
            continue;
        }
        char *folded = pd_text_fold_space(clause->str);
        if (*folded != '\0')
            g_ptr_array_add(clauses, folded);
        else
            g_free(folded);
        g_string_truncate(clause, 0);
        if (character == '\0')
            return clauses;
    }
}

static gboolean asks(const char *text)
{
    return strchr(text, '?') != NULL || strstr(text, "？") != NULL;
}

/* "text/vnd.google.email-reaction+json", without a name: the text once more, for a program. */
static gboolean is_for_program(const PdAttachment *attachment)
{
    return *attachment->name == '\0' && g_str_has_prefix(attachment->type, "text/vnd.");
}

static gboolean brings_files(const PdMail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const PdAttachment *attachment = mail->attachments->pdata[i];
        if (!attachment->is_inline && !is_for_program(attachment))
            return TRUE;
    }
    return FALSE;
}

/* A hand that agrees or thanks, a tick, a flower. */
static gboolean nods(const char *text)
{
    return pd_says_any(text, (const char *const[]){"👍", "👌", "🙏", "🤝", "👏", "✅", "🌹", NULL});
}

static gboolean is_thanks_only(const PdMail *mail)
{
    if (strlen(mail->text) > MOST_SIGNED || asks(mail->text) || brings_files(mail))
        return FALSE;
    const char *end = pd_identity_begin(mail, mail->text);
    if (end - mail->text > MOST_THANKS)
        return FALSE;
    g_autofree char *said = g_strndup(mail->text, (gsize)(end - mail->text));
    gboolean says_it = nods(said);
    g_autoptr(GPtrArray) clauses = clauses_of(said);
    for (guint i = 0; i < clauses->len; i++) {
        PdClause clause = classify(mail, clauses->pdata[i], i == 0);
        if (clause == PD_CLAUSE_OTHER)
            return FALSE;
        says_it = says_it || clause != PD_CLAUSE_POLITE;
    }
    return says_it;
}

void pd_remark_read(PdReading *reading)
{
    PdMail *mail = reading->mail;

    if (mail->origin != PD_ORIGIN_PERSON || mail->truncated)
        return;
    if (is_thanks_only(mail))
        mail->remark = PD_REMARK_THANKS;
    else if (!asks(mail->text) && !brings_files(mail) && pd_absence_is_told(mail->text))
        mail->remark = PD_REMARK_ABSENCE;
}
