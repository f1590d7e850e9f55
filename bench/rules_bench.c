/* rules_bench.c: what deciding costs, in processor time, as one JSON object.
 *
 *   rules_bench match RULES PATTERNS MAIL...   evaluating beside PCRE2 rule by rule
 *   rules_bench desk CONFIG MAIL...            the whole process step, commit included
 *   rules_bench load RULES                     reading a folder of rules
 *   rules_bench compile RULES CACHE            making the cache of the set
 *   rules_bench fill CONFIG COUNT MAIL...      nothing: so many mails stored and processed
 *
 * PATTERNS has a line for each rule: field, tab, pattern. The plain way compiles each with the
 * same options and the JIT, takes each text as valid once, and tries every rule on every mail.
 */
#include "postdesk/clock.h"
#include "postdesk/desk.h"
#include "postdesk/inbox.h"
#include "postdesk/raw.h"
#include "postdesk/roles.h"
#include "postdesk/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define LEAST_SECONDS 0.4 /* of processor time for one figure */

typedef struct {
    pcre2_code *code;
    char field; /* 's'ubject, 'f'rom, 'b'ody */
} Plain;

static double processor_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* MiB that the process ever held. Not ru_maxrss, which begins with what the program held that
 * started this one. */
static double peak(void)
{
    g_autofree char *status = NULL;

    g_file_get_contents("/proc/self/status", &status, NULL, NULL);
    const char *line = status != NULL ? strstr(status, "\nVmHWM:") : NULL;
    if (line == NULL)
        g_error("/proc/self/status tells no VmHWM");
    return g_ascii_strtod(line + strlen("\nVmHWM:"), NULL) / 1024;
}

static void require(PdStatus *status)
{
    if (status != NULL)
        g_error("%s", pd_status_text(status));
}

static GPtrArray *read_mails(char **paths)
{
    static const PdMailOptions options = {0};
    GPtrArray *mails = g_ptr_array_new_with_free_func((GDestroyNotify)pd_mail_free);

    for (; *paths != NULL; paths++) {
        FILE *file = fopen(*paths, "r");
        PdMail *mail = NULL;
        if (file == NULL || fseek(file, 0, SEEK_END) != 0)
            g_error("%s cannot be read", *paths);
        gsize length = (gsize)ftell(file);
        require(pd_mail_read(fileno(file), 0, length, &options, &mail));
        fclose(file);
        g_ptr_array_add(mails, mail);
    }
    return mails;
}

/* With $RULES_CACHE, if it names a file, from that. */
static PdRuleSet *load_rules(const char *folder)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    const char *cache = g_getenv("RULES_CACHE");
    gboolean named = cache != NULL && cache[0] != '\0';
    PdRuleSet *set = pd_rule_set_load_cached(folder, named ? cache : NULL, list);

    if (set == NULL)
        require(pd_diagnostics_status(list));
    return set;
}

static void add_plain(GArray *plain, char *line)
{
    char *pattern = strchr(line, '\t');
    int error;
    PCRE2_SIZE at;

    if (pattern == NULL)
        return;
    Plain one = {pcre2_compile((PCRE2_SPTR)pattern + 1, PCRE2_ZERO_TERMINATED,
                               PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_MULTILINE, &error,
                               &at, NULL),
                 line[0]};
    if (one.code == NULL || pcre2_jit_compile(one.code, PCRE2_JIT_COMPLETE) != 0)
        g_error("'%s' does not compile", pattern + 1);
    g_array_append_val(plain, one);
}

static GArray *read_plain(const char *path)
{
    GArray *plain = g_array_new(FALSE, FALSE, sizeof(Plain));
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        g_error("%s cannot be read", path);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        add_plain(plain, *line);
    return plain;
}

static guint try_plain(const GArray *plain, const PdMail *mail, pcre2_match_data *data)
{
    const char *texts[] = {mail->subject, mail->from != NULL ? mail->from->address : "",
                           mail->text};
    gsize lengths[G_N_ELEMENTS(texts)];
    guint hits = 0;

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        lengths[i] = strlen(texts[i]);
        if (!g_utf8_validate(texts[i], (gssize)lengths[i], NULL))
            g_error("a text is no UTF-8");
    }
    for (guint i = 0; i < plain->len; i++) {
        const Plain *one = &g_array_index(plain, Plain, i);
        guint text = one->field == 's' ? 0 : one->field == 'f' ? 1 : 2;
        hits += pcre2_match(one->code, (PCRE2_SPTR)texts[text], lengths[text], 0,
                            PCRE2_NO_UTF_CHECK, data, NULL) >= 0;
    }
    return hits;
}

static void decide_all(const PdRuleSet *set, const GPtrArray *mails)
{
    for (guint i = 0; i < mails->len; i++) {
        g_autoptr(PdDecision) decision = NULL;
        require(pd_rule_set_evaluate(set, g_ptr_array_index(mails, i), NULL, &decision));
    }
}

/* How many rules applied, as is told of the decisions. */
static guint count_set(const PdRuleSet *set, const GPtrArray *mails)
{
    guint hits = 0;

    for (guint i = 0; i < mails->len; i++) {
        g_autoptr(PdDecision) decision = NULL;
        require(pd_rule_set_evaluate(set, g_ptr_array_index(mails, i), NULL, &decision));
        g_autofree char *text = pd_decision_compact(decision, NULL);
        for (const char *at = text; (at = strstr(at, "\"applied\"")) != NULL; at++)
            hits++;
    }
    return hits;
}

static guint count_plain(const GArray *plain, const GPtrArray *mails)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    guint hits = 0;

    for (guint i = 0; i < mails->len; i++)
        hits += try_plain(plain, g_ptr_array_index(mails, i), data);
    pcre2_match_data_free(data);
    return hits;
}

/* Microseconds for a mail; both take turns, after one round to warm up. */
static int measure_match(char **arguments)
{
    g_autoptr(PdRuleSet) set = load_rules(arguments[0]);
    g_autoptr(GArray) plain = read_plain(arguments[1]);
    g_autoptr(GPtrArray) mails = read_mails(arguments + 2);
    double ours = 0, theirs = 0;
    guint hits = count_set(set, mails), plain_hits = count_plain(plain, mails), rounds = 0;

    for (; theirs < LEAST_SECONDS || ours < LEAST_SECONDS / 4; rounds++) {
        double start = processor_seconds();
        count_plain(plain, mails);
        double middle = processor_seconds();
        decide_all(set, mails);
        theirs += middle - start;
        ours += processor_seconds() - middle;
    }
    double decided = 1e6 / ((double)rounds * mails->len);
    printf("{\"rules\": %u, \"evaluate_us\": %.2f, \"plain_us\": %.2f, \"hits\": %u, "
           "\"plain_hits\": %u}\n",
           pd_rule_set_count(set), ours * decided, theirs * decided, hits, plain_hits);
    return 0;
}

static void inject(const PdConfig *config, const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length;
    gint64 id;

    if (!g_file_get_contents(path, &bytes, &length, NULL))
        g_error("%s cannot be read", path);
    require(pd_role_inject(config, bytes, length, &id));
}

static guint process(PdDesk *desk, PdStore *store)
{
    g_autoptr(GPtrArray) rows = NULL;
    PdProcessed done = {0};

    require(pd_inbox_between(store, 0, G_MAXINT64, 64, &rows));
    require(pd_desk_process(desk, rows, NULL, NULL, &done));
    return rows->len;
}

/* The first quarter warms up: code of the patterns, pages of the store. */
static int measure_desk(char **paths, guint count)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdConfig) config = pd_config_load(paths[0], list);
    g_autoptr(PdStore) store = NULL;
    double start = 0;

    if (config == NULL)
        require(pd_diagnostics_status(list));
    require(pd_store_open(config->state, PD_STORE_CREATE, &store));
    g_autoptr(PdDesk) desk = pd_desk_new(config, store, list);
    if (desk == NULL)
        require(pd_diagnostics_status(list));
    for (guint i = 1; i <= count; i++) {
        inject(config, paths[i]);
        if (i != count / 4 && i != count)
            continue;
        start = processor_seconds();
        while (process(desk, store) > 0)
            ;
    }
    printf("{\"process_us\": %.2f, \"peak_mib\": %.1f}\n",
           (processor_seconds() - start) * 1e6 / (count - count / 4), peak());
    return 0;
}

#define FILLED_AT_ONCE 64

/* The mail's bytes under a Message-ID of their own. */
static void store_mail(PdStore *store, PdRawWriter *writer, const char *bytes, guint number)
{
    g_autofree char *id =
        g_strdup_printf("X-Filled: %u\nMessage-ID: <%u@filled.example>\n", number, number);
    g_autoptr(PdInboxRow) row = pd_inbox_row_new();
    const char *rest = strchr(bytes, '\n'); /* its own Message-ID comes first */
    gboolean is_new = FALSE;

    if (rest == NULL)
        g_error("a mail without a line");
    row->mailbox = g_strdup("inject");
    row->arrived_at = pd_clock_now();
    row->full_size = strlen(id) + strlen(rest + 1);
    row->server_done = TRUE;
    require(pd_raw_begin(writer));
    require(pd_raw_write(writer, id, strlen(id)));
    require(pd_raw_write(writer, rest + 1, strlen(rest + 1)));
    require(pd_raw_end(writer, &row->raw, row->sha256));
    require(pd_inbox_add(store, row, &is_new));
}

static void store_some(PdStore *store, char **paths, guint count, guint from, guint to)
{
    g_autoptr(PdRawWriter) writer = NULL;

    require(pd_raw_writer_open(store, "inject", &writer));
    require(pd_store_begin(store));
    for (guint i = from; i < to; i++) {
        g_autofree char *bytes = NULL;
        if (!g_file_get_contents(paths[i % count], &bytes, NULL, NULL))
            g_error("%s cannot be read", paths[i % count]);
        store_mail(store, writer, bytes, i);
    }
    require(pd_raw_sync(writer));
    require(pd_store_commit(store));
}

static int fill(char **arguments, guint count)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdConfig) config = pd_config_load(arguments[0], list);
    g_autoptr(PdStore) store = NULL;
    guint wanted = (guint)g_ascii_strtoull(arguments[1], NULL, 10);

    if (config == NULL)
        require(pd_diagnostics_status(list));
    require(pd_store_open(config->state, PD_STORE_CREATE, &store));
    g_autoptr(PdDesk) desk = pd_desk_new(config, store, list);
    if (desk == NULL)
        require(pd_diagnostics_status(list));
    for (guint i = 0; i < wanted; i += FILLED_AT_ONCE) {
        store_some(store, arguments + 2, count, i, MIN(wanted, i + FILLED_AT_ONCE));
        while (process(desk, store) > 0)
            ;
    }
    return 0;
}

/* Seconds to make the cache, and what it holds. */
static int measure_compile(char **arguments)
{
    g_autoptr(PdDiagnostics) list = pd_diagnostics_new();
    g_autoptr(PdRuleSet) set = pd_rule_set_load(arguments[0], list);
    double start = processor_seconds();

    if (set == NULL)
        require(pd_diagnostics_status(list));
    if (pd_rule_set_wants_compiling(set))
        require(pd_rule_set_compile(set, arguments[1]));
    printf("{\"compile_ms\": %.1f, \"compile_peak_mib\": %.1f, \"scanner\": %s}\n",
           (processor_seconds() - start) * 1e3, peak(),
           pd_rule_set_wants_compiling(set) ? "true" : "false");
    return 0;
}

static int measure_load(char **arguments)
{
    double start = processor_seconds();
    g_autoptr(PdRuleSet) set = load_rules(arguments[0]);

    printf("{\"rules\": %u, \"load_ms\": %.1f, \"peak_mib\": %.1f}\n", pd_rule_set_count(set),
           (processor_seconds() - start) * 1e3, peak());
    return 0;
}

int main(int argc, char **argv)
{
    if (argc >= 5 && strcmp(argv[1], "match") == 0)
        return measure_match(argv + 2);
    if (argc >= 4 && strcmp(argv[1], "desk") == 0)
        return measure_desk(argv + 2, (guint)argc - 3);
    if (argc >= 4 && strcmp(argv[1], "compile") == 0)
        return measure_compile(argv + 2);
    if (argc >= 5 && strcmp(argv[1], "fill") == 0)
        return fill(argv + 2, (guint)argc - 4);
    if (argc >= 3 && strcmp(argv[1], "load") == 0)
        return measure_load(argv + 2);
    fputs("usage: rules_bench match|desk|load|compile|fill …; its head tells more\n", stderr);
    return EXIT_FAILURE;
}
