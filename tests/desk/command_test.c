/* command_test.c: what is read as a command and what as text, and who may what by which proof. */
#include "desk/authority.h"
#include "desk/command.h"
#include "desk/meant.h"
#include "desk/said.h"
#include "may.h"
#include "postdesk/calendar.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

/* "priority(P2) note() ?prority~priority | rest" */
static char *told(const char *text)
{
    g_autoptr(PdCommands) commands = pd_commands_parse(text);
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < commands->list->len; i++) {
        const PdCommand *command = g_ptr_array_index(commands->list, i);
        if (command->row != NULL)
            g_string_append_printf(out, "%s(%s) ", command->row->name, command->argument);
        else
            g_string_append_printf(out, "?%s~%s ", command->line,
                                   command->nearest != NULL ? command->nearest : "");
    }
    g_string_append_printf(out, "| %s", commands->rest);
    return g_string_free(out, FALSE);
}

static const struct {
    const char *text, *told;
} texts[] = {
    {"", "| "},
    {"Just an answer.\n/resolve\n", "| Just an answer.\n/resolve"},
    {"/assign me\n", "assign(me) | "},
    {"/指派 张三\n", "assign(张三) | "},
    {"／解决\n已重启服务。\n", "resolve() | 已重启服务。"},
    {"\n  /priority P2\n\n/status waiting\n\nWhich version is it?\n",
     "priority(P2) status(waiting) | Which version is it?"},
    {"/优先级P2\n", "priority(P2) | "},
    {"/优先级：P2\n", "priority(P2) | "},
    {"/Priority: P2", "priority(P2) | "},
    {"/category network/vpn", "category(network/vpn) | "},
    {"/merge 123", "merge(123) | "},
    {"/due 2026-12-01", "due(2026-12-01) | "},
    {"/external vendor@example.net Is it known?\nMore.",
     "external(vendor@example.net Is it known?) | More."},
    {"note: for us only\nsecond line", "note(for us only) | second line"},
    {"备注：仅内部\n", "note(仅内部) | "},
    {"notes are fine\n", "| notes are fine"},
    {"/var/log is full\n", "| /var/log is full"},
    {"/ alone\n", "| / alone"},
    {"/123\n", "| /123"},
    {"/prority P2\n", "?/prority P2~priority | "},
    {"/reslove\n", "?/reslove~resolve | "},
    {"/已解觉\n", "?/已解觉~解决 | "},
    {"/abracadabra\n", "?/abracadabra~ | "},
    {"/?\n", "help() | "},
    {"> /resolve\n", "| > /resolve"},
    {"/close it please\n", "close() | "},
    {"/Close this ticket now, thank you!\n", "close() | "},
    {"/close it, the printer was replaced\n", "close(the printer was replaced) | "},
    {"/close please see #5 (it is the same)\n", "close(please see #5 (it is the same)) | "},
    {"/close (see #5)\n", "close((see #5)) | "},
    {"/关闭了，谢谢。\n", "close() | "},
    {"/关闭 请关闭该工单，谢谢\n", "close() | "},
    {"/关闭：谢谢，打印机已更换\n", "close(打印机已更换) | "},
    {"/resolve thanks\nRestarted.\n", "resolve() | Restarted."},
    {"/undo this please\n", "undo() | "},
    {"/watch it please\n", "watch() | "},
    {"/关注 单雄信\n", "watch(单雄信) | "},
    {"/confirm, thanks!\n", "confirm() | "},
    {"/subject the case\n", "subject(the case) | "},
    {"/note thanks\n", "note(thanks) | "},
};

START_TEST(commands_stand_in_the_first_lines)
{
    g_autofree char *got = told(texts[_i].text);

    ck_assert_str_eq(got, texts[_i].told);
}
END_TEST

START_TEST(commands_of_one_mail_are_bounded)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < 5000; i++)
        g_string_append(text, "/note\n");
    g_autoptr(PdCommands) commands = pd_commands_parse(text->str);
    ck_assert_uint_le(commands->list->len, 100);
}
END_TEST

START_TEST(one_word_of_a_reporter_is_enough)
{
    static const struct {
        const char *text;
        gint id; /* of a ticket that is resolved; -1: it is text */
        gint of_open;
    } words[] = {
        {"Solved!", PD_COMMAND_CONFIRM, PD_COMMAND_WITHDRAW},
        {"已解决。", PD_COMMAND_CONFIRM, PD_COMMAND_WITHDRAW},
        {"已解决，谢谢！", PD_COMMAND_CONFIRM, PD_COMMAND_WITHDRAW},
        {"Solved, please close. Thanks!", PD_COMMAND_CONFIRM, PD_COMMAND_WITHDRAW},
        {"不用了，谢谢，请关闭", PD_COMMAND_CONFIRM, PD_COMMAND_WITHDRAW},
        {"No longer needed", PD_COMMAND_CONFIRM, PD_COMMAND_WITHDRAW},
        {"  it works \n", PD_COMMAND_CONFIRM, PD_COMMAND_WITHDRAW},
        {"solved?", -1, -1},
        {"已解决？", -1, -1},
        {"解决了吗", -1, -1},
        {"可以了", PD_COMMAND_CONFIRM, -1}, /* he may answer a question with it */
        {"Confirmed", PD_COMMAND_CONFIRM, -1},
        {"谢谢", -1, -1},
        {"没解决", PD_COMMAND_REJECT, -1},
        {"Not solved", PD_COMMAND_REJECT, -1},
        {"no", PD_COMMAND_REJECT, -1},
        {"status?", PD_COMMAND_STANDING, PD_COMMAND_STANDING},
        {"进度？", PD_COMMAND_STANDING, PD_COMMAND_STANDING},
        {"The status is bad", -1, -1},
        {"不用了解这个，请先看打印机", -1, -1},
        {"没解决，还是连不上，错误如下", -1, -1},
        {"", -1, -1},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const PdCommandRow *row = pd_command_of_word(words[i].text, TRUE);
        const PdCommandRow *open = pd_command_of_word(words[i].text, FALSE);
        ck_assert_msg((row != NULL ? (gint)row->id : -1) == words[i].id, "%s", words[i].text);
        ck_assert_msg((open != NULL ? (gint)open->id : -1) == words[i].of_open, "%s",
                      words[i].text);
    }
}
END_TEST

START_TEST(whole_sentences_are_read_as_far_as_every_word_of_them_is_known)
{
    static const struct {
        const char *text;
        gboolean asks, tries;
    } said[] = {
        {"请问进度如何？", TRUE, FALSE},
        {"您好，请问这个问题处理得怎么样了？谢谢", TRUE, FALSE},
        {"有进展吗", TRUE, FALSE},
        {"我的问题什么时候能解决呢？", TRUE, FALSE},
        {"Hello,\n\nany update on this?\n\nThanks", TRUE, FALSE},
        {"What is the status of my ticket?", TRUE, FALSE},
        {"What’s the status, please?", TRUE, FALSE},
        {"收到，我试试", FALSE, TRUE},
        {"好的，我明天试一下，有问题再联系您", FALSE, TRUE},
        {"Thanks, I'll test tomorrow.", FALSE, TRUE},
        {"OK, will try later and let you know", FALSE, TRUE},
        /* one word more is another matter */
        {"请问进度如何？另外打印机也坏了", FALSE, FALSE},
        {"处理得怎么样了？领导很着急", FALSE, FALSE},
        {"any update? It is down again", FALSE, FALSE},
        {"the status is wrong", FALSE, FALSE},
        {"我试试了，还是不行", FALSE, FALSE},
        {"我试了一下，还是不行", FALSE, FALSE},
        {"I'll test, but it is still broken", FALSE, FALSE},
        {"我试试重启可以吗？", FALSE, FALSE},
        {"谢谢", FALSE, FALSE},
        {"有问题再联系您", FALSE, FALSE},
        {"", FALSE, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        ck_assert_msg(pd_said_asks_status(said[i].text) == said[i].asks, "%s", said[i].text);
        ck_assert_msg(pd_said_will_try(said[i].text) == said[i].tries, "%s", said[i].text);
    }
}
END_TEST

START_TEST(every_word_leads_to_its_own_command)
{
    for (guint id = 0; id < PD_COMMANDS; id++) {
        const PdCommandRow *row = pd_command_row(id);
        ck_assert_uint_eq(row->id, id);
        ck_assert_ptr_eq(pd_command_find(row->name), row);
        ck_assert_ptr_eq(pd_command_find(row->chinese), row);
        g_auto(GStrv) also = g_strsplit(row->also != NULL ? row->also : "", " ", -1);
        for (char **word = also; *word != NULL; word++)
            ck_assert_msg(pd_command_find(*word) == row, "%s is taken twice", *word);
        ck_assert(row->help[0] != '\0' && row->help_chinese[0] != '\0');
    }
}
END_TEST

START_TEST(slips_of_the_hand_lead_to_what_was_meant)
{
    static const struct {
        const char *line, *nearest; /* NULL: it is understood, "": it is no command */
    } slips[] = {
        {"/prority P1", "priority"},
        {"/resovle", "resolve"},
        {"/优先 P1", "优先级"},
        {"/帮组", "帮助"},
        {"/已经解决", "解决"},
        {"/P1", "priority"},
        {"/vendro a@b.example", "external"},
        {"/等待", "状态"},
        {"/waiting", "status"},
        {"/resolve.", NULL},
        {"/help?", NULL},
        {"/帮助？", NULL},
        {"/转给 李四", NULL},
        {"/ priority P1", NULL},
        {"\\priority P1", NULL},
        {"/ a line of its own", ""},
        {"\\\\server\\share is gone", ""},
        {"/var/log is full", ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(slips); i++) {
        g_autoptr(PdCommands) commands = pd_commands_parse(slips[i].line);
        gboolean is_text = slips[i].nearest != NULL && slips[i].nearest[0] == '\0';
        ck_assert_msg(commands->list->len == !is_text, "%s", slips[i].line);
        if (is_text)
            continue;
        const PdCommand *command = g_ptr_array_index(commands->list, 0);
        ck_assert_msg((command->row != NULL) == (slips[i].nearest == NULL), "%s", slips[i].line);
        ck_assert_pstr_eq(command->nearest, slips[i].nearest);
    }
}
END_TEST

START_TEST(days_are_read_as_people_write_them)
{
    static const struct {
        const char *written, *day; /* NULL: it is none */
    } days[] = {
        {"2026-12-01", "2026-12-01"},
        {"2026/12/1", "2026-12-01"},
        {"2026年12月1日", "2026-12-01"},
        {"12月1日", "2026-12-01"},
        {"1月5号", "2027-01-05"},
        {"明天", "2026-11-30"},
        {"Tomorrow", "2026-11-30"},
        {"周五", "2026-12-04"},
        {"星期五", "2026-12-04"},
        {"下周一", "2026-11-30"},
        {"下周日", "2026-12-06"},
        {"本周五", "2026-11-27"}, /* which is over */
        {"Friday", "2026-12-04"},
        {"thu", "2026-12-03"},
        {"Dec 1", "2026-12-01"},
        {"1 December 2026", "2026-12-01"},
        {"Dec. 1st, 2026", "2026-12-01"},
        {"5 Jan", "2027-01-05"},
        {"周日", NULL}, /* today, or in a week? */
        {"Sunday", NULL},
        {"next Friday", NULL}, /* of two */
        {"下五", NULL},
        {"一", NULL},
        {"Dec", NULL},
        {"1 2 Dec", NULL},
        {"Dec 32", NULL},
        {"12/01", NULL},
        {"1.12.2026", NULL},
        {"2026-02-30", NULL},
        {"soon", NULL},
        {"2026-12-01x", NULL},
    };
    gint64 today = pd_day_of_date(2026, 11, 29);

    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        gint64 day = 0;
        gboolean is_day = pd_meant_day(days[i].written, today, &day);
        g_autofree char *text = is_day ? pd_day_format(day) : NULL;
        ck_assert_pstr_eq(text, days[i].day);
    }
}
END_TEST

/* What the Chinese form offers is understood as what the English one offers. */
static void check_choices(const PdCommandRow *row, const char *chinese)
{
    g_auto(GStrv) wanted = g_strsplit_set(row->form, "|[] ", -1);
    g_auto(GStrv) offered = g_strsplit_set(chinese, "|[] ", -1);
    guint shift = g_strv_length(wanted) - g_strv_length(offered); /* "WHAT SOLVED IT" */

    for (guint i = 0; shift == 0 && wanted[i] != NULL; i++) {
        g_autofree char *value = pd_command_value(offered[i]);
        ck_assert_msg(strcmp(value, wanted[i]) == 0 || g_ascii_isupper(wanted[i][0]), "%s: %s",
                      row->name, offered[i]);
    }
}

START_TEST(forms_are_told_in_chinese)
{
    for (guint id = 0; id < PD_COMMANDS; id++) {
        g_autofree char *form = pd_command_choices(pd_command_row(id)->form, TRUE);
        for (const char *c = form; c[0] != '\0';
             c++) /* capitals are words to fill in; P1 is none */
            ck_assert_msg(!g_ascii_isupper(c[0]) || g_ascii_isdigit(c[1]), "%s", form);
        check_choices(pd_command_row(id), form);
    }
}
END_TEST

START_TEST(man_page_lists_every_command)
{
    const char *source = g_getenv("top_srcdir");
    g_autofree char *path =
        g_build_filename(source != NULL ? source : ".", "man", "postdesk-commands.7", NULL);
    g_autofree char *page = NULL;

    ck_assert(g_file_get_contents(path, &page, NULL, NULL));
    for (guint id = 0; id < PD_COMMANDS; id++) {
        const PdCommandRow *row = pd_command_row(id);
        g_autofree char *item = g_strdup_printf(".It Li /%s , Li /%s", row->name, row->chinese);
        ck_assert_msg(strstr(page, item) != NULL, "%s", item);
    }
}
END_TEST

/* Authority. */

static void check_may(guint row, guint rank, guint proof, const char *line)
{
    PdCommandId command = may[row].command;
    gboolean got = pd_authority_decide(command, ranks[rank], proof, FALSE) == PD_MAY;

    ck_assert_msg(got == (line[rank] == 'y'), "/%s by a %s with proof %u",
                  pd_command_row(command)->name, pd_rank_name(ranks[rank]), proof);
}

START_TEST(table_of_role_command_and_proof_is_kept)
{
    ck_assert_uint_eq(G_N_ELEMENTS(may), PD_COMMANDS);
    ck_assert_int_eq(may[_i].command, _i);
    for (guint rank = 0; rank < G_N_ELEMENTS(ranks); rank++) {
        check_may((guint)_i, rank, 0, NOBODY);
        check_may((guint)_i, rank, PD_PROOF_TOKEN, may[_i].token);
        check_may((guint)_i, rank, PD_PROOF_ALIGNED, may[_i].aligned);
        check_may((guint)_i, rank, PD_PROOF_SIGNATURE, may[_i].signature);
        check_may((guint)_i, rank, PD_PROOF_THREAD, may[_i].thread);
        /* at the command line a user of this machine is the desk itself */
        ck_assert_int_eq(pd_authority_decide(may[_i].command, ranks[rank], PD_PROOF_LOCAL, FALSE),
                         PD_MAY);
    }
    ck_assert_int_eq(pd_authority_once(may[_i].command), may[_i].once);
}
END_TEST

START_TEST(refusal_says_whether_a_better_proof_would_do)
{
    ck_assert_int_eq(pd_authority_decide(PD_COMMAND_MERGE, PD_RANK_ENGINEER, 0, FALSE),
                     PD_MAY_NOT_PROOF);
    ck_assert_int_eq(pd_authority_decide(PD_COMMAND_MERGE, PD_RANK_REPORTER, PD_PROOF_TOKEN, FALSE),
                     PD_MAY_NOT_ROLE);
    ck_assert_int_eq(pd_authority_decide(PD_COMMAND_MERGE, PD_RANK_ENGINEER, PD_PROOF_TOKEN, TRUE),
                     PD_MAY_NOT_AGAIN);
    ck_assert_int_eq(
        pd_authority_decide(PD_COMMAND_RESOLVE, PD_RANK_ENGINEER, PD_PROOF_TOKEN, TRUE), PD_MAY);
    ck_assert_int_eq(pd_authority_decide(PD_COMMAND_MERGE, PD_RANK_LEAD,
                                         PD_PROOF_TOKEN | PD_PROOF_ALIGNED, TRUE),
                     PD_MAY); /* the other proof is not used up */
}
END_TEST

START_TEST(what_may_move_a_ticket_is_looked_up)
{
    ck_assert(pd_command_may_be("/解决"));
    ck_assert(pd_command_may_be("已解决"));
    ck_assert(pd_command_may_be("非常满意")); /* confirms a solution */
    ck_assert(!pd_command_may_be("The printer jams again."));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("command");
    TCase *tests = tcase_create("all");

    tcase_add_loop_test(tests, commands_stand_in_the_first_lines, 0, G_N_ELEMENTS(texts));
    tcase_add_test(tests, commands_of_one_mail_are_bounded);
    tcase_add_test(tests, one_word_of_a_reporter_is_enough);
    tcase_add_test(tests, whole_sentences_are_read_as_far_as_every_word_of_them_is_known);
    tcase_add_test(tests, every_word_leads_to_its_own_command);
    tcase_add_test(tests, slips_of_the_hand_lead_to_what_was_meant);
    tcase_add_test(tests, days_are_read_as_people_write_them);
    tcase_add_test(tests, forms_are_told_in_chinese);
    tcase_add_test(tests, man_page_lists_every_command);
    tcase_add_loop_test(tests, table_of_role_command_and_proof_is_kept, 0, PD_COMMANDS);
    tcase_add_test(tests, refusal_says_whether_a_better_proof_would_do);
    tcase_add_test(tests, what_may_move_a_ticket_is_looked_up);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
