/* world_test: messages as the world's mail programs write them, read from tests/mail/world.
 *
 * A table holds cases. Each begins with "=== its name"; lines up to "---" say what is expected, in
 * any order and each only where it matters:
 *
 *   kind person|auto_reply|bounce|report|machine
 *   remark none|thanks|absence
 *   recipient ADDRESS none|soft|hard       one line for each, and no others
 *   original MESSAGE-ID                    of the mail that a report is about
 *   | a line of the new text               all of it, one "|" for each line
 *
 * and the message follows as it is.
 */
#include "reading_help.h"

typedef struct {
    char *name;
    GString *expected; /* lines */
    GString *message;
} Case;

static void free_case(gpointer data)
{
    Case *one = data;

    g_free(one->name);
    g_string_free(one->expected, TRUE);
    g_string_free(one->message, TRUE);
    g_free(one);
}

static GPtrArray *read_table(const char *name)
{
    GPtrArray *cases = g_ptr_array_new_with_free_func(free_case);
    const char *source = g_getenv("top_srcdir");
    g_autofree char *path =
        g_build_filename(source != NULL ? source : ".", "tests/mail/world", name, NULL);
    g_autofree char *table = NULL;
    GString *into = NULL;

    ck_assert_msg(g_file_get_contents(path, &table, NULL, NULL), "%s cannot be read", path);
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, "=== ")) {
            Case *one = g_new0(Case, 1);
            one->name = g_strdup(*line + 4);
            one->expected = into = g_string_new(NULL);
            one->message = g_string_new(NULL);
            g_ptr_array_add(cases, one);
        } else if (into != NULL && strcmp(*line, "---") == 0 &&
                   into == ((Case *)cases->pdata[cases->len - 1])->expected) {
            into = ((Case *)cases->pdata[cases->len - 1])->message;
        } else if (into != NULL) {
            g_string_append_printf(into, "%s\n", *line);
        }
    }
    return cases;
}

static char *told_recipients(const PdMail *mail)
{
    GString *told = g_string_new(NULL);

    for (guint i = 0; i < mail->bounce->len; i++) {
        const PdBounceRecipient *one = mail->bounce->pdata[i];
        g_string_append_printf(told, "%s %s\n", one->address, pd_bounce_weight_name(one->weight));
    }
    return g_string_free(told, FALSE);
}

static void compare(GString *wrong, const Case *one, const char *what, const char *got,
                    const char *wanted)
{
    if (g_strcmp0(got, wanted) != 0)
        g_string_append_printf(wrong, "\n%s: %s is \"%s\", not \"%s\"", one->name, what,
                               got != NULL ? got : "(none)", wanted);
}

static void hold_against(GString *wrong, const Case *one, const PdMail *mail)
{
    g_autoptr(GString) recipients = g_string_new(NULL), text = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(one->expected->str, "\n", -1);
    gboolean with_text = FALSE;

    for (char **line = lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, "kind "))
            compare(wrong, one, "kind", pd_origin_name(mail->origin), *line + 5);
        else if (g_str_has_prefix(*line, "remark "))
            compare(wrong, one, "remark", pd_remark_name(mail->remark), *line + 7);
        else if (g_str_has_prefix(*line, "original "))
            compare(wrong, one, "original", mail->bounce_original, *line + 9);
        else if (g_str_has_prefix(*line, "recipient "))
            g_string_append_printf(recipients, "%s\n", *line + 10);
        else if (**line == '|') {
            g_string_append_printf(text, "%s%s", with_text ? "\n" : "",
                                   *line + 1 + ((*line)[1] == ' '));
            with_text = TRUE;
        } else {
            ck_assert_msg(**line == '\0', "%s: unknown line: %s", one->name, *line);
        }
    }
    if (recipients->len > 0) {
        g_autofree char *told = told_recipients(mail);
        compare(wrong, one, "recipients", told, recipients->str);
    }
    if (with_text)
        compare(wrong, one, "text", mail->text, text->str);
}

static const char *const tables[] = {"bounces", "reports", "machines", "absences",
                                     "persons", "replies", "programs", "thanks"};

START_TEST(reads_what_the_world_sends)
{
    g_autoptr(GPtrArray) cases = read_table(tables[_i]);
    g_autoptr(GString) wrong = g_string_new(NULL);

    ck_assert_uint_gt(cases->len, 10);
    for (guint i = 0; i < cases->len; i++) {
        const Case *one = cases->pdata[i];
        g_autoptr(PdMail) mail = read_mail(one->message->str);
        hold_against(wrong, one, mail);
    }
    ck_assert_msg(wrong->len == 0, "%s", wrong->str);
}
END_TEST

TCase *world_cases(void)
{
    TCase *tests = tcase_create("world");

    tcase_add_loop_test(tests, reads_what_the_world_sends, 0, G_N_ELEMENTS(tables));
    return tests;
}
