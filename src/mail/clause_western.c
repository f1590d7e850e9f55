/* clause_western.c: clauses of English and its neighbours: see clause.h and remark.c. */
#include "clause.h"

#include <string.h>

#define MOST_GREETED 4 /* words of "Dear Mr Wang Li" */

/* Words in lower case between spaces. */
static const char thanking[] =
    " thanks thank thankyou thx thks ty tks cheers appreciate appreciated "
    "danke dank merci gracias obrigado grazie bedankt ";
static const char before_thanks[] =
    " noted received many so very big ok okay great perfect super i we much "
    "really highly and vielen herzlichen besten "
    "lieben muchas mille muito with ";
static const char thanked_for[] =
    " you u a lot very much so for your the my help helping quick fast prompt support again all "
    "everyone team guys and response reply assistance time effort efforts service solution work "
    "solving fixing resolving it this that indeed kindly sir ihre die deine schnelle "
    "hilfe unterstützung für beaucoup pour votre aide por su ayuda tu mil sehr dir ihnen euch vous "
    "bien both ";
static const char confirming[] =
    " ok okay k yes great perfect excellent awesome super cool good fine nice it works worked "
    "working work now well all everything solved fixed resolved is has been that this done got "
    "received noted properly perfectly sorted it's it’s that's that’s "
    " and my the ticket confirmed understood well "
    "es funktioniert jetzt alles gut prima erledigt gelöst behoben ist ça marche "
    "maintenant parfait tout est "
    "bon todo funciona perfecto ahora ";
/* "the printer works again": what is named, and what is said of it, in this order and nothing else,
 * since "ok the printer problem again" has the same words. */
static const char before_named[] = " yes ok okay now and so the my our your ";
static const char pronouns[] = " it that this it's it’s that's that’s all everything es alles ";
static const char things[] =
    " problem issue keyboard mouse monitor screen display projector camera microphone headset "
    "scanner printer printing copier phone laptop computer pc machine device disk drive wifi "
    "internet network connection vpn mail mails email emails mailbox outlook account login "
    "password "
    "access system website site page database report file files share folder software application "
    "app server sound video ";
static const char is_said[] = " is are has have been was all both now ist jetzt ";
static const char well[] = " ok okay great perfect excellent good fine works working worked solved "
                           "fixed resolved sorted gelöst behoben erledigt funktioniert ";
static const char over[] = " solved fixed resolved sorted gelöst behoben erledigt ";
static const char after_well[] =
    " again now properly perfectly fine well both all great jetzt wieder ";
static const char closing[] =
    " best kind warm regards regard wishes sincerely yours br rgds greetings have a nice good "
    "great "
    "day weekend evening morning afternoon mit freundlichen grüßen viele liebe grüße gruß beste "
    "mfg "
    "cordialement bonne journée saludos cordiales bien à vous atentamente ";
static const char greeting[] = " hi hello hey dear hallo liebe lieber bonjour hola good ";

/* "you can close the ticket": what a confirmation may add, but is none alone. */
static const char releasing[] =
    " you can may now please close closed the this my ticket tickets case "
    "issue it be ";
static const char nothing_more[] = " no more further issue issues problem problems question "
                                   "questions from my our side everything so far ";

static gboolean lists(const char *words, const char *word)
{
    g_autofree char *wanted = g_strconcat(" ", word, " ", NULL);

    return strstr(words, wanted) != NULL;
}

static gboolean all_listed(char **words, const char *list)
{
    for (; *words != NULL; words++) {
        if (!lists(list, *words))
            return FALSE;
    }
    return TRUE;
}

/* "many thanks for the quick help" */
static gboolean is_thanks(char **words)
{
    while (*words != NULL && !lists(thanking, *words) && lists(before_thanks, *words))
        words++;
    if (*words == NULL || !lists(thanking, *words))
        return FALSE;
    for (words++; *words != NULL; words++) {
        if (!lists(thanked_for, *words) && !lists(thanking, *words))
            return FALSE;
    }
    return TRUE;
}

/* "that did the trick": the praise is cut off, the rest judged. */
static void cut_praise(char *clause)
{
    static const char *const praises[] = {" did the trick", " like a charm", " as expected"};

    for (gsize i = 0; i < G_N_ELEMENTS(praises); i++) {
        if (g_str_has_suffix(clause, praises[i]))
            clause[strlen(clause) - strlen(praises[i])] = '\0';
    }
}

static gboolean any_listed(char **words, const char *list)
{
    for (; *words != NULL; words++) {
        if (lists(list, *words))
            return TRUE;
    }
    return FALSE;
}

static char **pass(char **words, const char *list)
{
    while (*words != NULL && lists(list, *words))
        words++;
    return words;
}

static gboolean says_it_is_well(char **words)
{
    char **said = pass(words, before_named);
    char **behind = pass(said, lists(pronouns, *said != NULL ? *said : "") ? pronouns : things);
    char **state = pass(behind, is_said);
    char **end = pass(state, well);
    gboolean names_trouble = any_listed(words, " problem issue ");

    return end > state && *pass(end, after_well) == NULL &&
           (!names_trouble || any_listed(words, over)); /* "the problem is working again" */
}

/* "I can log in again now" */
static gboolean is_ability(char **words)
{
    if (!lists(" i we ", words[0]) || words[1] == NULL || strcmp(words[1], "can") != 0)
        return FALSE;
    char **end = pass(words + 2, " now again ");
    char **done = pass(end, " log login in print connect work ");
    return done > end && *pass(done, after_well) == NULL;
}

/* "is it fixed" is a question even without its mark. */
static gboolean is_confirmation(char **words)
{
    if (is_ability(words))
        return TRUE;
    if (any_listed(words, things) || any_listed(words, " again wieder "))
        return says_it_is_well(words);
    return !lists(" is has ", words[0]) && all_listed(words, confirming);
}

/* "you can close the ticket", "no further questions": said beside a confirmation. */
static gboolean is_release(char **words)
{
    if (all_listed(words, releasing))
        return strcmp(words[0], "close") == 0 ||
               (any_listed(words, " can may please ") && any_listed(words, " close closed "));
    return strcmp(words[0], "no") == 0 && all_listed(words, nothing_more) &&
           any_listed(words, " issue issues problem problems question questions ");
}

PdClause pd_clause_western(const char *written, gboolean is_first)
{
    g_autofree char *clause = g_strdup(written);

    cut_praise(clause);
    g_auto(GStrv) words = g_strsplit(clause, " ", -1);
    if (is_thanks(words))
        return PD_CLAUSE_THANKS;
    if (is_confirmation(words))
        return PD_CLAUSE_CONFIRMS;
    if (all_listed(words, closing) || is_release(words))
        return PD_CLAUSE_POLITE;
    if (is_first && lists(greeting, words[0]) && g_strv_length(words) <= MOST_GREETED)
        return PD_CLAUSE_POLITE;
    return PD_CLAUSE_OTHER;
}
