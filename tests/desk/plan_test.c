/* plan_test.c: the pure parts: threading, the answer gate, the lifecycle, the plan. */
#include "desk/plan.h"
#include "fixture.h"
#include <stdlib.h>
#include <string.h>

/* Threading */

typedef struct {
    PdClueKind kind;
    gint64 ticket;
    gboolean exists;
    PdTokenVerdict verdict;
    gboolean takes_part;
} Seen;

static const struct {
    const char *what;
    Seen clues[3];
    guint count;
    gint64 ticket, suggested;
} threads[] = {
    {"no clue", {{0}}, 0, 0, 0},
    {"token signed for the sender",
     {{PD_CLUE_TOKEN_ADDRESS, 4, TRUE, PD_TOKEN_VALID, FALSE}},
     1,
     4,
     0},
    {"token in the Message-ID signed for the sender",
     {{PD_CLUE_TOKEN_MESSAGE_ID, 4, TRUE, PD_TOKEN_VALID, FALSE}},
     1,
     4,
     0},
    {"forwarded to a stranger: a token lets nobody in",
     {{PD_CLUE_TOKEN_ADDRESS, 4, TRUE, PD_TOKEN_OTHER_HOLDER, FALSE}},
     1,
     0,
     4},
    {"a colleague who takes part uses the reporter's token",
     {{PD_CLUE_TOKEN_ADDRESS, 4, TRUE, PD_TOKEN_OTHER_HOLDER, TRUE}},
     1,
     4,
     0},
    {"an expired token of somebody who takes part",
     {{PD_CLUE_TOKEN_ADDRESS, 4, TRUE, PD_TOKEN_EXPIRED, TRUE}},
     1,
     4,
     0},
    {"an expired token alone",
     {{PD_CLUE_TOKEN_ADDRESS, 4, TRUE, PD_TOKEN_EXPIRED, FALSE}},
     1,
     0,
     4},
    {"answers a message of the ticket and takes part",
     {{PD_CLUE_REFERENCE, 4, TRUE, PD_TOKEN_NONE, TRUE}},
     1,
     4,
     0},
    {"a message of the ticket once more",
     {{PD_CLUE_SAME_MESSAGE, 4, TRUE, PD_TOKEN_NONE, TRUE}},
     1,
     4,
     0},
    {"a message of the ticket once more, of somebody who takes no part",
     {{PD_CLUE_SAME_MESSAGE, 4, TRUE, PD_TOKEN_NONE, FALSE}},
     1,
     0,
     4},
    {"answers a message of the ticket as a stranger",
     {{PD_CLUE_REFERENCE, 4, TRUE, PD_TOKEN_NONE, FALSE}},
     1,
     0,
     4},
    {"number in the subject and takes part",
     {{PD_CLUE_SUBJECT, 4, TRUE, PD_TOKEN_NONE, TRUE}},
     1,
     4,
     0},
    {"number in the subject as a stranger",
     {{PD_CLUE_SUBJECT, 4, TRUE, PD_TOKEN_NONE, FALSE}},
     1,
     0,
     4},
    {"number of no ticket", {{PD_CLUE_SUBJECT, 4, FALSE, PD_TOKEN_NONE, FALSE}}, 1, 0, 0},
    {"a token outweighs references, references outweigh the subject",
     {{PD_CLUE_SUBJECT, 1, TRUE, PD_TOKEN_NONE, TRUE},
      {PD_CLUE_REFERENCE, 2, TRUE, PD_TOKEN_NONE, TRUE},
      {PD_CLUE_TOKEN_ADDRESS, 3, TRUE, PD_TOKEN_VALID, FALSE}},
     3,
     3,
     0},
    {"references outweigh a token of somebody else",
     {{PD_CLUE_TOKEN_ADDRESS, 1, TRUE, PD_TOKEN_OTHER_HOLDER, TRUE},
      {PD_CLUE_REFERENCE, 2, TRUE, PD_TOKEN_NONE, TRUE}},
     2,
     2,
     0},
    {"of two messages answered the first named decides",
     {{PD_CLUE_REFERENCE, 5, TRUE, PD_TOKEN_NONE, TRUE},
      {PD_CLUE_REFERENCE, 6, TRUE, PD_TOKEN_NONE, TRUE}},
     2,
     5,
     0},
    {"answer in a conversation of the ticket",
     {{PD_CLUE_CONVERSATION, 4, TRUE, PD_TOKEN_NONE, TRUE}},
     1,
     4,
     0},
    {"answer in a conversation as a stranger",
     {{PD_CLUE_CONVERSATION, 4, TRUE, PD_TOKEN_NONE, FALSE}},
     1,
     0,
     4},
    {"quotes a message and takes part", {{PD_CLUE_QUOTE, 4, TRUE, PD_TOKEN_NONE, TRUE}}, 1, 4, 0},
    {"quotes a message as a stranger", {{PD_CLUE_QUOTE, 4, TRUE, PD_TOKEN_NONE, FALSE}}, 1, 0, 4},
    {"a number outweighs a conversation, a conversation outweighs a quote",
     {{PD_CLUE_QUOTE, 1, TRUE, PD_TOKEN_NONE, TRUE},
      {PD_CLUE_CONVERSATION, 2, TRUE, PD_TOKEN_NONE, TRUE},
      {PD_CLUE_SUBJECT, 3, TRUE, PD_TOKEN_NONE, TRUE}},
     3,
     3,
     0},
    {"bounce token", {{PD_CLUE_BOUNCE_TOKEN, 4, TRUE, PD_TOKEN_VALID, FALSE}}, 1, 4, 0},
    {"forged bounce token",
     {{PD_CLUE_BOUNCE_TOKEN, 4, TRUE, PD_TOKEN_OTHER_HOLDER, FALSE}},
     1,
     0,
     4},
    {"bounce of a message of the ticket",
     {{PD_CLUE_BOUNCE_MESSAGE, 4, TRUE, PD_TOKEN_NONE, FALSE}},
     1,
     4,
     0},
};

START_TEST(strongest_clue_that_may_be_believed_decides)
{
    g_autoptr(GPtrArray) clues = g_ptr_array_new_with_free_func((GDestroyNotify)pd_clue_free);

    for (guint i = 0; i < threads[_i].count; i++) {
        const Seen *seen = &threads[_i].clues[i];
        PdClue *clue = pd_clue_new(seen->kind, "x");
        clue->ticket = seen->ticket;
        clue->exists = seen->exists;
        clue->verdict = seen->verdict;
        clue->takes_part = seen->takes_part;
        g_ptr_array_add(clues, clue);
    }
    PdThreading *threading = pd_thread_decide(clues);
    ck_assert_msg(threading->ticket == threads[_i].ticket, "%s: ticket", threads[_i].what);
    ck_assert_msg(threading->suggested == threads[_i].suggested, "%s: link", threads[_i].what);
    ck_assert_uint_eq(threading->evidence->len, threads[_i].count);
    pd_threading_free(threading);
}
END_TEST

START_TEST(numbers_are_read_from_marks_only)
{
    g_autoptr(GArray) numbers =
        pd_subject_numbers("Re: [#12] order #99 [#x] [#0] [#99999999999999999999] 【＃7】");

    ck_assert_uint_eq(numbers->len, 2);
    ck_assert_int_eq(g_array_index(numbers, gint64, 0), 12);
    ck_assert_int_eq(g_array_index(numbers, gint64, 1), 7);
}
END_TEST

/* The answer gate (I7) */

#define FROM "From: Ann <ann@example.com>\nTo: desk@example.org\nSubject: s\n"

static const struct {
    const char *what;
    const char *raw;
    PdOrigin origin;
    PdAuthResult dmarc;
    PdBudget budget;
    const char *to; /* NULL: no answer */
} answers[] = {
    {"a person", FROM "\nx", PD_ORIGIN_PERSON, PD_AUTH_RESULT_NONE, {0}, "ann@example.com"},
    {"a bounce", FROM "\nx", PD_ORIGIN_BOUNCE, PD_AUTH_RESULT_NONE, {0}, NULL},
    {"an auto-reply", FROM "\nx", PD_ORIGIN_AUTO_REPLY, PD_AUTH_RESULT_NONE, {0}, NULL},
    {"a machine", FROM "\nx", PD_ORIGIN_MACHINE, PD_AUTH_RESULT_NONE, {0}, NULL},
    {"a report", FROM "\nx", PD_ORIGIN_REPORT, PD_AUTH_RESULT_NONE, {0}, NULL},
    {"the desk itself", FROM "\nx", PD_ORIGIN_SELF, PD_AUTH_RESULT_NONE, {0}, NULL},
    {"DMARC failed", FROM "\nx", PD_ORIGIN_PERSON, PD_AUTH_RESULT_FAIL, {0}, NULL},
    {"DMARC passed", FROM "\nx", PD_ORIGIN_PERSON, PD_AUTH_RESULT_PASS, {0}, "ann@example.com"},
    {"budget of the recipient",
     FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {.over_recipient = TRUE},
     NULL},
    {"budget of the desk",
     FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {.over_desk = TRUE},
     NULL},
    {"null sender",
     "Return-Path: <>\n" FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     NULL},
    {"no From",
     "To: desk@example.org\nSubject: s\n\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     NULL},
    {"no From, and somebody beside a list in Reply-To",
     "To: desk@example.org\nReply-To: all@example.net, ann@example.com\n"
     "List-Post: <mailto:all@example.net>\nSubject: s\n\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     NULL},
    {"From is the desk",
     "From: desk+x@example.org\nSubject: s\n\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     NULL},
    {"a list: its author is answered",
     "List-Id: Helpers <helpers.example.org>\nList-Post: <mailto:helpers@example.org>\n"
     "Reply-To: helpers@example.org\n" FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     "ann@example.com"},
    {"an old list at the author's domain",
     "X-BeenThere: all@example.com\nPrecedence: list\nReply-To: all@example.com\n" FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     "ann@example.com"},
    {"a list of the kind of ezmlm",
     "Mailing-List: list all@example.com; contact all-help@example.com\n"
     "Reply-To: all@example.com\n" FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     "ann@example.com"},
    {"a list whose name is its address, too",
     "List-Id: \"all.example.com\" <all.example.com>\nReply-To: all@example.com\n" FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     "ann@example.com"},
    {"a list on a list",
     "X-BeenThere: some@example.net\nX-BeenThere: all@example.com\n"
     "Reply-To: all@example.com\n" FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     "ann@example.com"},
    {"a list that names itself nowhere",
     "Precedence: list\nReply-To: all@example.com\nCc: all@example.com\n" FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     "ann@example.com"},
    {"another mailbox of the author's, by a list",
     "Precedence: list\nReply-To: ann.lee@example.com\nCc: all@example.com\n" FROM "\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     "ann.lee@example.com"},
    {"a list that hides its author",
     "List-Id: <helpers.example.org>\nList-Post: <mailto:helpers@example.org>\n"
     "From: Ann via Helpers <helpers@example.org>\nSubject: s\n\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     NULL},
    {"a list in From, its author in Reply-To",
     "List-Id: <helpers.example.org>\nList-Post: <mailto:helpers@example.org>\n"
     "From: Ann via Helpers <helpers@example.org>\nReply-To: Ann <ann@example.com>\n"
     "Subject: s\n\nx",
     PD_ORIGIN_PERSON,
     PD_AUTH_RESULT_NONE,
     {0},
     "ann@example.com"},
};

START_TEST(I7_nothing_answers_what_must_not_be_answered)
{
    Fixture *fixture = fixture_new("");
    g_autoptr(PdMail) mail = read_raw(answers[_i].raw);

    mail->origin = answers[_i].origin;
    mail->dmarc = answers[_i].dmarc;
    PdAnswer answer = pd_answer_decide(mail, fixture->config, &answers[_i].budget);
    ck_assert_msg(answer.may == (answers[_i].to != NULL), "%s: %s", answers[_i].what,
                  answer.reason);
    if (answer.may)
        ck_assert_str_eq(answer.to->address, answers[_i].to);
    ck_assert_ptr_nonnull(answer.reason);
    fixture_free(fixture);
}
END_TEST

/* The lifecycle */

static const struct {
    const char *from;
    PdMover who;
    const char *to; /* NULL: stays */
    const char *occasion;
} replies[] = {
    {"new", PD_BY_REPORTER, NULL, NULL},
    {"open", PD_BY_REPORTER, NULL, NULL},
    {"waiting", PD_BY_REPORTER, "open", NULL},
    {"waiting", PD_BY_PARTICIPANT, "open", NULL},
    {"resolved", PD_BY_REPORTER, "open", "reopened"},
    {"resolved", PD_BY_PARTICIPANT, NULL, NULL},
};

START_TEST(reply_moves_a_ticket_as_the_table_says)
{
    const PdTransition *move = pd_lifecycle_of_reply(replies[_i].from, replies[_i].who);

    if (replies[_i].to == NULL) {
        ck_assert_ptr_null(move);
        return;
    }
    ck_assert_str_eq(move->to, replies[_i].to);
    ck_assert_pstr_eq(move->occasion, replies[_i].occasion);
}
END_TEST

START_TEST(ended_tickets_take_no_replies)
{
    ck_assert(!pd_lifecycle_takes_replies("closed"));
    ck_assert(!pd_lifecycle_takes_replies("merged"));
    ck_assert(!pd_lifecycle_takes_replies("spam"));
    ck_assert(pd_lifecycle_takes_replies("resolved"));
}
END_TEST

START_TEST(only_the_desk_resolves_and_closes)
{
    ck_assert_ptr_null(pd_lifecycle_find("open", "resolved", PD_BY_REPORTER));
    ck_assert_ptr_nonnull(pd_lifecycle_find("open", "resolved", PD_BY_STAFF));
    ck_assert_ptr_null(pd_lifecycle_find("closed", "waiting", PD_BY_STAFF));
    g_autofree char *choices = pd_lifecycle_choices("resolved", PD_BY_STAFF);
    ck_assert_str_eq(choices, "open, closed");
}
END_TEST

/* The plan */

typedef struct {
    PdOrigin origin;
    const char *status; /* of the ticket it belongs to; NULL: none */
    gboolean is_reporter, is_copy, refers_to_unknown, older_waiting, truncated;
    gboolean is_unproven, is_over;
    PdRemark remark;
} Case;

static const struct {
    const char *what;
    Case in;
    PdPlanAct act;
    const char *occasion; /* NULL: no mail */
    const char *moves_to; /* NULL: status stays */
} plans[] = {
    {"new mail of a person", {.origin = PD_ORIGIN_PERSON}, PD_PLAN_CREATE, "acknowledge", NULL},
    {"over the size limit",
     {.origin = PD_ORIGIN_PERSON, .truncated = TRUE},
     PD_PLAN_CREATE,
     "oversize",
     NULL},
    {"monitoring", {.origin = PD_ORIGIN_MACHINE}, PD_PLAN_CREATE, NULL, NULL},
    {"copy", {.origin = PD_ORIGIN_PERSON, .is_copy = TRUE}, PD_PLAN_IGNORE, NULL, NULL},
    {"own mail", {.origin = PD_ORIGIN_SELF}, PD_PLAN_IGNORE, NULL, NULL},
    {"report", {.origin = PD_ORIGIN_REPORT}, PD_PLAN_IGNORE, NULL, NULL},
    {"unknown bounce", {.origin = PD_ORIGIN_BOUNCE}, PD_PLAN_IGNORE, NULL, NULL},
    {"bounce of a ticket's mail",
     {.origin = PD_ORIGIN_BOUNCE, .status = "resolved"},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"unknown vacation reply", {.origin = PD_ORIGIN_AUTO_REPLY}, PD_PLAN_IGNORE, NULL, NULL},
    {"vacation reply to a resolved ticket",
     {.origin = PD_ORIGIN_AUTO_REPLY, .status = "resolved", .is_reporter = TRUE},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"addition",
     {.origin = PD_ORIGIN_PERSON, .status = "open", .is_reporter = TRUE},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"answer to a question",
     {.origin = PD_ORIGIN_PERSON, .status = "waiting"},
     PD_PLAN_APPEND,
     NULL,
     "open"},
    {"not solved",
     {.origin = PD_ORIGIN_PERSON, .status = "resolved", .is_reporter = TRUE},
     PD_PLAN_APPEND,
     "reopened",
     "open"},
    {"a From line alone reopens nothing",
     {.origin = PD_ORIGIN_PERSON, .status = "resolved", .is_reporter = TRUE, .is_unproven = TRUE},
     PD_PLAN_APPEND,
     "standing",
     NULL},
    {"nor do thanks, which are not answered",
     {.origin = PD_ORIGIN_PERSON,
      .status = "resolved",
      .is_reporter = TRUE,
      .is_unproven = TRUE,
      .remark = PD_REMARK_THANKS},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"a From line alone of somebody who follows",
     {.origin = PD_ORIGIN_PERSON, .status = "resolved", .is_unproven = TRUE},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"not solved, but long after",
     {.origin = PD_ORIGIN_PERSON, .status = "resolved", .is_reporter = TRUE, .is_over = TRUE},
     PD_PLAN_CREATE,
     "acknowledge",
     NULL},
    {"thanks reopen nothing",
     {.origin = PD_ORIGIN_PERSON,
      .status = "resolved",
      .is_reporter = TRUE,
      .remark = PD_REMARK_THANKS},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"thanks to a question answer it",
     {.origin = PD_ORIGIN_PERSON, .status = "waiting", .remark = PD_REMARK_THANKS},
     PD_PLAN_APPEND,
     NULL,
     "open"},
    {"thanks for a closed ticket open none",
     {.origin = PD_ORIGIN_PERSON, .status = "closed", .remark = PD_REMARK_THANKS},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"an absence without headers moves nothing",
     {.origin = PD_ORIGIN_PERSON,
      .status = "resolved",
      .is_reporter = TRUE,
      .remark = PD_REMARK_ABSENCE},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"an absence is no answer to a question",
     {.origin = PD_ORIGIN_PERSON, .status = "waiting", .remark = PD_REMARK_ABSENCE},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"a machine reopens nothing",
     {.origin = PD_ORIGIN_MACHINE, .status = "resolved", .is_reporter = TRUE},
     PD_PLAN_APPEND,
     NULL,
     NULL},
    {"reply to a closed ticket",
     {.origin = PD_ORIGIN_PERSON, .status = "closed", .is_reporter = TRUE},
     PD_PLAN_CREATE,
     "acknowledge",
     NULL},
    {"answers something unknown",
     {.origin = PD_ORIGIN_PERSON, .refers_to_unknown = TRUE},
     PD_PLAN_CREATE,
     "acknowledge",
     NULL},
    {"answers something that may be on its way",
     {.origin = PD_ORIGIN_PERSON, .refers_to_unknown = TRUE, .older_waiting = TRUE},
     PD_PLAN_WAIT,
     NULL,
     NULL},
};

static PdFacts *facts_of(const Case *in)
{
    PdFacts *facts = pd_facts_none();

    facts->copy_of = in->is_copy ? 3 : 0;
    facts->copy_ticket = in->is_copy ? 2 : 0;
    facts->threading->refers_to_unknown = in->refers_to_unknown;
    facts->older_waiting = in->older_waiting;
    facts->sender_is_reporter = in->is_reporter;
    facts->standing.rank = in->is_reporter ? PD_RANK_REPORTER : PD_RANK_FOLLOWER;
    facts->standing.proofs = in->is_unproven ? 0 : PD_PROOF_TOKEN;
    facts->is_over = in->is_over;
    if (in->status != NULL) {
        facts->threading->ticket = 9;
        facts->ticket = g_new0(PdTicket, 1);
        facts->ticket->number = 9;
        facts->ticket->version = 4;
        facts->ticket->status = g_strdup(in->status);
        facts->ticket->language = g_strdup("en");
        facts->ticket->subject = g_strdup("s");
        facts->ticket->reporter = g_strdup(in->is_reporter ? "ann@example.com" : "eve@example.com");
    }
    return facts;
}

START_TEST(plan_follows_from_message_and_facts)
{
    Fixture *fixture = fixture_new("");
    g_autoptr(PdMail) mail = read_raw(FROM "Message-ID: <a@b>\n\nx");
    g_autoptr(PdFacts) facts = facts_of(&plans[_i].in);
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();

    mail->origin = plans[_i].in.origin;
    mail->remark = plans[_i].in.remark;
    mail->truncated = plans[_i].in.truncated;
    const PdPlanInput input = {.config = fixture->config, .mail = mail, .row = row, .facts = facts};
    g_autoptr(PdPlan) plan = pd_plan_make(&input);
    ck_assert_msg(plan->act == plans[_i].act, "%s: %s", plans[_i].what,
                  pd_plan_act_name(plan->act));
    ck_assert_msg(g_strcmp0(plan->occasion, plans[_i].occasion) == 0, "%s: occasion",
                  plans[_i].what);
    ck_assert_msg(
        g_strcmp0(plan->transition != NULL ? plan->transition->to : NULL, plans[_i].moves_to) == 0,
        "%s: status", plans[_i].what);
    if (plan->act == PD_PLAN_IGNORE)
        ck_assert_ptr_nonnull(plan->reason);
    ck_assert_int_eq(plan->answer.may, plan->occasion != NULL);
    fixture_free(fixture);
}
END_TEST

START_TEST(plan_for_a_closed_ticket_goes_on_in_a_new_one)
{
    Fixture *fixture = fixture_new("");
    g_autoptr(PdMail) mail = read_raw(FROM "\nx");
    const Case in = {.origin = PD_ORIGIN_PERSON, .status = "closed", .is_reporter = TRUE};
    g_autoptr(PdFacts) facts = facts_of(&in);
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();
    const PdPlanInput input = {.config = fixture->config, .mail = mail, .row = row, .facts = facts};
    g_autoptr(PdPlan) plan = pd_plan_make(&input);

    ck_assert_int_eq(plan->linked, 9);
    ck_assert_int_eq(plan->suggested, 9);
    fixture_free(fixture);
}
END_TEST

START_TEST(forged_sender_moves_no_status)
{
    Fixture *fixture = fixture_new("");
    g_autoptr(PdMail) mail = read_raw(FROM "\nx");
    const Case in = {.origin = PD_ORIGIN_PERSON, .status = "resolved", .is_reporter = TRUE};
    g_autoptr(PdFacts) facts = facts_of(&in);
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();

    mail->dmarc = PD_AUTH_RESULT_FAIL;
    const PdPlanInput input = {.config = fixture->config, .mail = mail, .row = row, .facts = facts};
    g_autoptr(PdPlan) plan = pd_plan_make(&input);
    ck_assert_int_eq(plan->act, PD_PLAN_APPEND);
    ck_assert_ptr_null(plan->transition);
    ck_assert_ptr_null(plan->occasion);
    fixture_free(fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan");
    TCase *all = tcase_create("all");

    tcase_add_loop_test(all, strongest_clue_that_may_be_believed_decides, 0, G_N_ELEMENTS(threads));
    tcase_add_test(all, numbers_are_read_from_marks_only);
    tcase_add_loop_test(all, I7_nothing_answers_what_must_not_be_answered, 0,
                        G_N_ELEMENTS(answers));
    tcase_add_loop_test(all, reply_moves_a_ticket_as_the_table_says, 0, G_N_ELEMENTS(replies));
    tcase_add_test(all, ended_tickets_take_no_replies);
    tcase_add_test(all, only_the_desk_resolves_and_closes);
    tcase_add_loop_test(all, plan_follows_from_message_and_facts, 0, G_N_ELEMENTS(plans));
    tcase_add_test(all, plan_for_a_closed_ticket_goes_on_in_a_new_one);
    tcase_add_test(all, forged_sender_moves_no_status);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
