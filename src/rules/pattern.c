/* pattern.c: see pattern.h. The only user of PCRE2.
 *
 * A pattern is compiled when it is first tried, and machine code is made of it when it has been
 * tried for some while: most of a large set never are, and making it takes as long as a hundred
 * short tries and, for all, as long and as much memory as the rest of loading. Before that PCRE2
 * interprets.
 *
 * Both ways find the same, but count their effort otherwise. So that an answer does not depend on
 * what was tried before, it is unknown only where both ways hit a limit.
 */
#include "rules/pattern.h"

#include "postdesk/json_write.h"
#include "postdesk/limits.h"
#include "postdesk/text.h"
#include <string.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define LONGEST_KEPT 120 /* bytes; the rule files have all of it */
#define MOST_GROUPS 64   /* that are told of; more may be in a pattern */
#define JIT_STACK_FIRST (32 * 1024)
#define JIT_STACK_MOST (1024 * 1024)
#define TRIES_BEFORE_JIT 32
#define BYTES_IN_A_TRY 64 /* at which a match may begin; more count as several tries */

struct pd_pattern {
    char *shown, *rewritten;
    char *source;       /* until it is compiled */
    PdPhrase *phrase;   /* what decisions tell of it; NULL until the first asks */
    pcre2_code *code;   /* NULL: not yet */
    gsize tries;        /* so far, without machine code; changes as it is matched */
    gboolean jit_tried; /* so does this */
    gboolean has_jit;   /* there is machine code */
    gboolean plain;     /* no more than words */
    GPtrArray *literals;
    char **names;
    guint *numbers; /* of the groups of these names */
};

struct pd_matcher {
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
};

PdMatcher *pd_matcher_new(void)
{
    PdMatcher *matcher = g_new0(PdMatcher, 1);

    matcher->context = pcre2_match_context_create(NULL);
    matcher->data = pcre2_match_data_create(MOST_GROUPS, NULL);
    /* Without a stack of its own (no executable memory) PCRE2 interprets. */
    matcher->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MOST, NULL);
    if (matcher->context == NULL || matcher->data == NULL)
        g_error("no memory for matching");
    pcre2_set_depth_limit(matcher->context, PD_LIMIT_MATCH_DEPTH);
    pcre2_set_heap_limit(matcher->context, PD_LIMIT_MATCH_HEAP_KIB);
    pd_matcher_set_effort(matcher, 0);
    if (matcher->stack != NULL)
        pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    return matcher;
}

void pd_matcher_free(PdMatcher *matcher)
{
    if (matcher == NULL)
        return;
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    pcre2_jit_stack_free(matcher->stack);
    g_free(matcher);
}

void pd_matcher_set_effort(PdMatcher *matcher, guint32 matches)
{
    pcre2_set_match_limit(matcher->context, matches != 0 ? matches : PD_LIMIT_MATCH);
}

static char *error_text(int number)
{
    char text[256];

    pcre2_get_error_message(number, (PCRE2_UCHAR *)text, sizeof text);
    return g_strdup(text);
}

static pcre2_code *compile(const char *source, int *error, gsize *at)
{
    return pcre2_compile((PCRE2_SPTR)source, PCRE2_ZERO_TERMINATED,
                         PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_MULTILINE |
                             PCRE2_NEVER_BACKSLASH_C | PCRE2_DUPNAMES | PCRE2_USE_OFFSET_LIMIT,
                         error, at, NULL);
}

/* What was rewritten has other offsets: the original tells where its mistake is. */
static void tell_error(const char *source, int number, char **error, gsize *at)
{
    gsize offset = 0;
    int original;

    pcre2_code *code = compile(source, &original, &offset);
    if (code != NULL) {
        pcre2_code_free(code);
        offset = 0;
    }
    *error = error_text(code != NULL ? number : original);
    *at = (gsize)g_utf8_strlen(source, (gssize)MIN(offset, strlen(source))) + 1;
}

static void read_names(PdPattern *pattern)
{
    uint32_t count = 0, size = 0;
    PCRE2_SPTR table = NULL;

    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
    if (count == 0)
        return;
    pattern->names = g_new0(char *, count + 1);
    pattern->numbers = g_new0(guint, count);
    for (uint32_t i = 0; i < count; i++, table += size) {
        pattern->numbers[i] = (guint)(table[0] << 8 | table[1]);
        pattern->names[i] = g_strdup((const char *)table + 2);
    }
}

PdPattern *pd_pattern_new_later(const char *source, const char *shown)
{
    PdPattern *pattern = g_new0(PdPattern, 1);

    pattern->shown = g_strdup(shown);
    pattern->source = g_strdup(source);
    pattern->rewritten = pd_pattern_rewrite(source);
    pattern->literals = pd_pattern_required(pattern->rewritten, &pattern->plain);
    return pattern;
}

gboolean pd_pattern_compile(PdPattern *pattern, char **error, gsize *at)
{
    PCRE2_SIZE offset;
    int number;

    if (pattern->code != NULL)
        return TRUE;
    pattern->code = compile(pattern->rewritten, &number, &offset);
    if (pattern->code == NULL) {
        tell_error(pattern->source, number, error, at);
        return FALSE;
    }
    g_clear_pointer(&pattern->source, g_free);
    read_names(pattern);
    return TRUE;
}

PdPattern *pd_pattern_new(const char *source, const char *shown, char **error, gsize *at)
{
    PdPattern *pattern = pd_pattern_new_later(source, shown);

    if (!pd_pattern_compile(pattern, error, at))
        g_clear_pointer(&pattern, pd_pattern_free);
    return pattern;
}

void pd_pattern_free(PdPattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_code_free(pattern->code);
    g_clear_pointer(&pattern->literals, g_ptr_array_unref);
    g_strfreev(pattern->names);
    g_free(pattern->numbers);
    g_free(pattern->rewritten);
    g_free(pattern->source);
    pd_phrase_free(pattern->phrase);
    g_free(pattern->shown);
    g_free(pattern);
}

const char *pd_pattern_shown(const PdPattern *pattern)
{
    return pattern->shown;
}

const PdPhrase *pd_pattern_phrase(const PdPattern *pattern)
{
    PdPattern *changed = (PdPattern *)pattern;

    if (pattern->phrase == NULL) {
        g_autofree char *shortened = pd_text_shorten(pattern->shown, LONGEST_KEPT);
        GString *json = g_string_new(NULL);
        pd_json_write_text(json, shortened);
        changed->phrase = pd_phrase_new(g_string_free(json, FALSE));
    }
    return pattern->phrase;
}

const char *pd_pattern_rewritten(const PdPattern *pattern)
{
    return pattern->rewritten;
}

char *pd_pattern_library(void)
{
    char version[64] = "";

    pcre2_config(PCRE2_CONFIG_VERSION, version);
    return g_strdup(version);
}

const GPtrArray *pd_pattern_literals(const PdPattern *pattern)
{
    return pattern->literals;
}

gboolean pd_pattern_is_plain(const PdPattern *pattern)
{
    return pattern->plain;
}

const char *const *pd_pattern_names(const PdPattern *pattern)
{
    return (const char *const *)pattern->names;
}

PdAnswer pd_pattern_match(const PdPattern *pattern, PdMatcher *matcher, const char *text,
                          gsize length, PdMatch *match)
{
    return pd_pattern_match_between(pattern, matcher, text, length, 0, length, match);
}

static void make_machine_code(PdPattern *pattern)
{
    pattern->jit_tried = TRUE; /* where it fails, PCRE2 interprets */
    pattern->has_jit = pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0;
}

static void count_try(PdPattern *pattern, gsize bytes)
{
    pattern->tries += 1 + bytes / BYTES_IN_A_TRY;
    if (!pattern->jit_tried && pattern->tries > TRIES_BEFORE_JIT)
        make_machine_code(pattern);
}

static int interpret(const PdPattern *pattern, PdMatcher *matcher, const char *text, gsize length,
                     gsize from)
{
    return pcre2_match(pattern->code, (PCRE2_SPTR)text, length, from,
                       PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, matcher->data, matcher->context);
}

/* A mail is matched a hundred times, at one place or few: of such a match, what pcre2_match() does
 * before it comes to the machine code is a tenth. */
static int run(const PdPattern *pattern, PdMatcher *matcher, const char *text, gsize length,
               gsize from)
{
    if (!pattern->has_jit || matcher->stack == NULL)
        return interpret(pattern, matcher, text, length, from);
    return pcre2_jit_match(pattern->code, (PCRE2_SPTR)text, length, from, PCRE2_NO_UTF_CHECK,
                           matcher->data, matcher->context);
}

/* By the other way than run() took. */
static int run_otherwise(PdPattern *pattern, PdMatcher *matcher, const char *text, gsize length,
                         gsize from)
{
    if (pattern->jit_tried)
        return interpret(pattern, matcher, text, length, from);
    make_machine_code(pattern);
    return run(pattern, matcher, text, length, from);
}

/* One that is right fails to compile for want of memory alone. */
static gboolean make_ready(PdPattern *pattern)
{
    g_autofree char *error = NULL;
    gsize at;

    return pattern->code != NULL || pd_pattern_compile(pattern, &error, &at);
}

PdAnswer pd_pattern_match_between(const PdPattern *pattern, PdMatcher *matcher, const char *text,
                                  gsize length, gsize from, gsize to, PdMatch *match)
{
    if (!make_ready((PdPattern *)pattern))
        return PD_UNKNOWN;
    count_try((PdPattern *)pattern, to - from);
    pcre2_set_offset_limit(matcher->context, to);
    int result = run(pattern, matcher, text, length, from);

    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        result = run_otherwise((PdPattern *)pattern, matcher, text, length, from);
    if (result == PCRE2_ERROR_NOMATCH)
        return PD_NO;
    if (result < 0)
        return PD_UNKNOWN;
    const PCRE2_SIZE *groups = pcre2_get_ovector_pointer(matcher->data);
    *match = (PdMatch){
        .start = MIN(groups[0], groups[1]), /* "\K" in a lookahead may put it behind the end */
        .end = groups[1],
        .pattern = pattern,
        .groups = groups,
        .group_count = result == 0 ? MOST_GROUPS : (guint)result,
    };
    return PD_YES;
}

gboolean pd_match_group(const PdMatch *match, guint index, gsize *start, gsize *end)
{
    guint number = match->pattern->numbers[index];

    if (number >= match->group_count || match->groups[2 * number] == PCRE2_UNSET)
        return FALSE;
    *start = match->groups[2 * number];
    *end = match->groups[2 * number + 1];
    return *start <= *end;
}
