/* formmail.c: see formmail.h. Typesetting takes seconds, so no transaction waits for it: the
 * command notes a job, and the clock role fills the form, has it printed, and adds the mail and
 * takes the job away in one transaction. Where no PDF can be made, the form goes as HTML. */
#include "desk/formmail.h"

#include "desk/concern.h"
#include "desk/handed.h"
#include "desk/meant.h"
#include "desk/tell.h"
#include "postdesk/log.h"
#include "postdesk/printing.h"
#include "postdesk/text.h"
#include <string.h>

typedef struct {
    PdDesk *desk;
    const PdPrintJob *job;
    const char *form, *recipient;
    PdRank rank;
    char *html;
    GBytes *pdf; /* NULL: there is none */
} Printing;

static gboolean is_for_reporter(const char *word)
{
    return strcmp(word, "reporter") == 0;
}

/* "to reporter", "发给报告人"; "report" of "/form fault report" is nobody. */
static char *whom_of(char *written)
{
    static const char *const fillers[] = {"report ", "to ", "the ", "发送给", "发给", "给", NULL};
    const char *whom = written != NULL ? pd_meant_behind(g_strstrip(written), fillers) : "";

    return g_ascii_strcasecmp(whom, "report") == 0 ? g_strdup("") : pd_command_value(whom);
}

gboolean pd_formmail_take(PdChange *change, const char *value, PdProblem *problem)
{
    g_auto(GStrv) words = g_strsplit_set(value, " \t", 2);
    g_auto(GStrv) forms = pd_desk_forms(change->desk);
    const char *shown = pd_meant_shown(change->desk, "forms", words[0], (const char *const *)forms);
    g_autofree char *form = shown != NULL ? g_strdup(shown) : pd_command_value(words[0]);
    g_autofree char *whom = whom_of(words[1]);
    static const char *const others[] = {"reporter", NULL};

    if (change->form != NULL)
        return pd_problem_set(problem, PD_PROBLEM_TWICE, "form", NULL);
    if (!g_strv_contains((const char *const *)forms, form))
        return pd_problem_choose(problem, "form", form, (const char *const *)forms);
    if (whom[0] != '\0' && !is_for_reporter(whom))
        return pd_problem_choose(problem, "form", whom, others);
    if (whom[0] != '\0' && (change->doer->rank & PD_RANK_DESK) == 0 &&
        (change->doer->proofs & PD_PROOF_LOCAL) == 0)
        return pd_problem_set(problem, PD_PROBLEM_ROLE, "form", NULL);
    if (whom[0] == '\0' && change->doer->answer_to == NULL)
        return pd_problem_set(problem, PD_PROBLEM_NOTHING, "form", NULL);
    change->form = g_steal_pointer(&form);
    change->form_goes_out = whom[0] != '\0';
    return TRUE;
}

PdStatus *pd_formmail_want(const PdChange *change, const char *text, PdJson *files)
{
    const PdDoer *doer = change->doer;
    g_autoptr(PdJson) data = pd_json_object();
    gboolean goes_out = change->form_goes_out;

    pd_json_set_text(data, "form", change->form);
    pd_json_set_text(data, "recipient", goes_out ? NULL : doer->answer_to);
    pd_json_set_text(data, "language",
                     !goes_out && doer->person != NULL ? doer->person->language : NULL);
    pd_json_set_int(data, "rank", goes_out ? PD_RANK_REPORTER : doer->rank);
    pd_json_set_text(data, "text", text);
    if (files != NULL)
        pd_json_set(data, "files", pd_json_ref(files));
    pd_json_set_text(data, "channel", doer->channel);
    pd_json_set_int(data, "inbox", doer->inbox);
    pd_json_set_text(data, "held", doer->held);
    return pd_print_job_add(change->desk->store, change->ticket->number, data);
}

/* "fault-12.pdf". The name of a form is the admin's: only what a header takes stays of it. */
static PdEnclosure *enclosure_of(const Printing *printing)
{
    PdEnclosure *enclosure = g_new0(PdEnclosure, 1);
    g_autofree char *plain = g_strdup(printing->form);

    for (char *c = plain; *c != '\0'; c++)
        *c = g_ascii_isalnum(*c) ? *c : '-';
    enclosure->type = g_strdup(printing->pdf != NULL ? "application/pdf" : "text/html");
    enclosure->name = g_strdup_printf("%.40s-%" G_GINT64_FORMAT ".%s", plain, printing->job->ticket,
                                      printing->pdf != NULL ? "pdf" : "html");
    enclosure->bytes = printing->pdf != NULL ? g_bytes_ref(printing->pdf)
                                             : g_bytes_new(printing->html, strlen(printing->html));
    return enclosure;
}

static PdStatus *mail_it(const Printing *printing)
{
    const PdJson *data = printing->job->data;
    PdDesk *desk = printing->desk;
    g_autoptr(PdJson) further = pd_json_object();
    g_autoptr(GPtrArray) enclosures =
        g_ptr_array_new_with_free_func((GDestroyNotify)pd_enclosure_free);
    const char *language = pd_desk_language(desk, pd_json_get_text(data, "language"));
    PdTelling telling = {
        .desk = desk,
        .ticket = printing->job->ticket,
        .occasion = "attached",
        .channel = pd_json_get_text(data, "channel"),
        .inbox = pd_json_get_int(data, "inbox", 0),
        .held = pd_json_get_text(data, "held"),
        .text = pd_json_get_text(data, "text"),
        .further = further,
        .enclosures = enclosures,
        .is_due = TRUE, /* somebody asked for it */
    };

    g_ptr_array_add(enclosures, enclosure_of(printing));
    PD_TRY(pd_handed_read(desk, pd_json_get(data, "files"), enclosures));
    pd_json_set_text(further, "form_word",
                     pd_templates_word(desk->templates, language, "forms", printing->form));
    pd_json_set_bool(further, "is_pdf", printing->pdf != NULL);
    if (printing->recipient == NULL)
        return pd_tell_concerned(&telling, PD_CONCERNS_REPORTER);
    const PdWho who = pd_people_look_up(desk->people, printing->recipient);
    return pd_tell_one(&telling, printing->recipient, who.name, pd_json_get_text(data, "language"),
                       printing->rank);
}

/* Typesetting that fails costs the form its shape, not the reader the form. */
static PdStatus *print(Printing *printing, PdMakePdf make, gpointer user)
{
    const PdPrintJob *job = printing->job;
    const PdLogFields fields = {.ticket = job->ticket};

    PD_TRY(pd_desk_fill_form(printing->desk, printing->form, job->ticket,
                             pd_json_get_text(job->data, "language"), &printing->html));
    g_autoptr(PdStatus) failed = make != NULL ? make(printing->html, &printing->pdf, user) : NULL;
    if (failed != NULL)
        pd_log_status(PD_LOG_WARNING, "form-not-printed", &fields, failed);
    return NULL;
}

static PdStatus *tell_of_failure(const Printing *printing, const PdStatus *failed)
{
    gint64 ticket = printing->job->ticket;
    g_autofree char *told = pd_status_told(failed);
    g_autofree char *reason = pd_status_line(failed);
    g_autofree char *text =
        g_strdup_printf("Ticket: #%" G_GINT64_FORMAT "\nReason: %s", ticket, told);
    g_autoptr(PdJson) facts = pd_json_set_int(pd_json_object(), "ticket", ticket);

    pd_json_set_text(facts, "reason", reason);
    pd_json_set_text(facts, "advice", pd_status_advice(failed));
    return pd_desk_alarm(printing->desk, "form", "A form could not be filled", text, facts);
}

static PdStatus *finish(const Printing *printing, const PdStatus *failed)
{
    PdStore *store = printing->desk->store;

    PD_TRY(pd_store_begin(store));
    PdStatus *status = NULL;
    if (failed != NULL)
        status = tell_of_failure(printing, failed);
    else
        status = mail_it(printing);
    if (status == NULL)
        status = pd_print_job_done(store, printing->job->id);
    if (status == NULL)
        status = pd_store_commit(store);
    if (status != NULL)
        pd_store_rollback(store);
    return status;
}

static PdStatus *do_job(Printing *printing, PdMakePdf make, gpointer user)
{
    g_autoptr(PdStatus) failed = print(printing, make, user);

    if (failed != NULL && pd_status_spoils(failed) == PD_SPOILS_STORE)
        return g_steal_pointer(&failed);
    return finish(printing, failed);
}

PdStatus *pd_desk_mail_forms(PdDesk *desk, PdMakePdf make, gpointer user, guint *mailed,
                             gboolean *more)
{
    g_autoptr(PdPrintJob) job = NULL;

    PD_TRY(pd_print_job_first(desk->store, &job));
    *more = job != NULL;
    if (job == NULL)
        return NULL;
    Printing printing = {
        .desk = desk,
        .job = job,
        .form = pd_json_get_text(job->data, "form"),
        .recipient = pd_json_get_text(job->data, "recipient"),
        .rank = (PdRank)pd_json_get_int(job->data, "rank", PD_RANK_STRANGER),
    };
    PdStatus *status = do_job(&printing, make, user);
    g_free(printing.html);
    g_clear_pointer(&printing.pdf, g_bytes_unref);
    *mailed += status == NULL;
    return status;
}
