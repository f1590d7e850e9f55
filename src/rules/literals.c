/* literals.c: what a text must contain for a pattern to match it.
 *
 * Reads a pattern (already rewritten) just far enough to find sets of literals, of each of
 * which every match contains at least one. They may be too weak but are never wrong: whatever
 * is not surely understood ends the reading with "none known", and the pattern is then always
 * tried. Literals are lower-case ASCII or characters without case; text is NFKC, where no
 * other character is equal to an ASCII letter but for its case.
 */
#include "rules/pattern.h"

#include <string.h>

#define MOST_LITERALS 400 /* of one pattern; more are of no help */
#define SHORTEST 2        /* bytes */
#define SHORTEST_FURTHER 4
#define DEEPEST 60
#define FIRST_WITHOUT_CASE 0x2e80 /* the blocks from CJK radicals to Vai */
#define LAST_WITHOUT_CASE 0xa63f

typedef struct {
    const char *at;
    guint depth;
    gboolean lost; /* not understood */
} Reader;

/* What is known of a sequence so far. */
typedef struct {
    GString *run;    /* the literal that is being read */
    gsize last;      /* where its last character begins */
    GPtrArray *sets; /* of GPtrArray of char *; the best come first */
} Sequence;

static GPtrArray *read_alternatives(Reader *r);

static gsize shortest(const GPtrArray *set)
{
    gsize least = G_MAXSIZE;

    for (guint i = 0; i < set->len; i++)
        least = MIN(least, strlen(g_ptr_array_index(set, i)));
    return least;
}

/* Longer literals are rarer; of equal ones the smaller set is. */
static gboolean is_better(const GPtrArray *set, const GPtrArray *than)
{
    gsize one = MIN(shortest(set), 8), other = MIN(shortest(than), 8);
    return one > other || (one == other && set->len < than->len);
}

static void free_set(gpointer set)
{
    g_ptr_array_unref(set);
}

static void offer(Sequence *s, GPtrArray *taken)
{
    guint place = 0;

    if (shortest(taken) < SHORTEST || taken->len > MOST_LITERALS) {
        g_ptr_array_unref(taken);
        return;
    }
    while (place < s->sets->len && !is_better(taken, g_ptr_array_index(s->sets, place)))
        place++;
    g_ptr_array_insert(s->sets, (gint)place, taken);
    if (s->sets->len > PD_LITERAL_SETS)
        g_ptr_array_set_size(s->sets, PD_LITERAL_SETS);
}

/* All sets of a part that must occur. */
static void offer_all(Sequence *s, GPtrArray *sets)
{
    for (guint i = 0; i < sets->len; i++)
        offer(s, g_ptr_array_ref(g_ptr_array_index(sets, i)));
}

static void end_run(Sequence *s)
{
    if (s->run->len > 0) {
        GPtrArray *set = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(set, g_strdup(s->run->str));
        offer(s, set);
    }
    g_string_truncate(s->run, 0);
}

static void add_literal(Reader *r, Sequence *s)
{
    gunichar c = g_utf8_get_char(r->at);
    const char *next = g_utf8_next_char(r->at);

    if (c >= 0x80 && (c < FIRST_WITHOUT_CASE || c > LAST_WITHOUT_CASE)) {
        end_run(s); /* other characters may be its equals */
    } else {
        s->last = s->run->len;
        g_string_append_unichar(s->run, c < 0x80 ? (gunichar)g_ascii_tolower((char)c) : c);
    }
    r->at = next;
}

/* "{2}", "{2,}", "{2,5}" behind an item. FALSE: the brace is none of these. */
static gboolean read_braces(Reader *r, gboolean *optional)
{
    const char *at = r->at + 1;

    if (!g_ascii_isdigit(*at))
        return FALSE;
    *optional = *at == '0';
    while (g_ascii_isdigit(*at))
        at++;
    if (*at == ',')
        at++;
    while (g_ascii_isdigit(*at))
        at++;
    if (*at != '}')
        return FALSE;
    r->at = at + 1;
    return TRUE;
}

/* TRUE if there is a quantifier; *optional: the item may be absent. */
static gboolean read_quantifier(Reader *r, gboolean *optional)
{
    gboolean found = TRUE;

    *optional = FALSE;
    if (*r->at == '?' || *r->at == '*' || *r->at == '+')
        *optional = *r->at++ != '+';
    else if (*r->at == '{')
        r->lost |= !(found = read_braces(r, optional)); /* versions differ about such braces */
    else
        found = FALSE;
    if (found && (*r->at == '?' || *r->at == '+'))
        r->at++;
    return found;
}

static void quantify_literal(Reader *r, Sequence *s)
{
    gboolean optional;

    if (!read_quantifier(r, &optional))
        return;
    if (optional && s->run->len > 0)
        g_string_truncate(s->run, s->last);
    end_run(s);
}

/* Something of which nothing is known but that it stands here. */
static void pass(Reader *r, Sequence *s)
{
    gboolean optional;

    end_run(s);
    read_quantifier(r, &optional);
}

static void skip_class(Reader *r)
{
    const char *at = r->at + 1;

    at += *at == '^';
    at += *at == ']';
    while (*at != '\0' && *at != ']') {
        if (at[0] == '[' && at[1] != '\0' && strchr(":.=", at[1]) != NULL) {
            const char *end = at + 2 + strspn(at + 2, "^abcdefghijklmnopqrstuvwxyz");
            if (end[0] != at[1] || end[1] != ']')
                break;
            at = end + 1;
        } else if (at[0] == '\\' && (at[1] == 'Q' || at[1] == 'E' || at[1] == '\0')) {
            break;
        } else if (at[0] == '\\') {
            at++;
        }
        at++;
    }
    r->lost |= *at != ']'; /* something less usual */
    r->at = r->lost ? r->at : at + 1;
}

static void read_quoted(Reader *r, Sequence *s)
{
    r->at += 2;
    while (*r->at != '\0' && !g_str_has_prefix(r->at, "\\E"))
        add_literal(r, s);
    r->at += *r->at != '\0' ? 2 : 0;
    quantify_literal(r, s);
}

/* "\p{Han}", "\pL" */
static void skip_property(Reader *r)
{
    r->at += 2;
    if (*r->at == '{') {
        const char *end = strchr(r->at, '}');
        r->lost |= end == NULL;
        r->at = end != NULL ? end + 1 : r->at;
    } else if (*r->at != '\0') {
        r->at++;
    }
}

static void read_escape(Reader *r, Sequence *s)
{
    char c = r->at[1];

    if (c == 'Q') {
        read_quoted(r, s);
    } else if (c == 'p' || c == 'P') {
        skip_property(r);
        pass(r, s);
    } else if (c == '\0' || (c == 'N' && r->at[2] == '{')) {
        r->lost = TRUE;
    } else if (!g_ascii_isalnum(c)) {
        r->at++;
        add_literal(r, s);
        quantify_literal(r, s);
    } else if (strchr("dDwWsShHvVRXNbBAzZGtnrfeaK", c) != NULL) {
        r->at += 2;
        pass(r, s);
    } else {
        r->lost = TRUE;
    }
}

/* Behind "(?": where the group's own pattern begins. FALSE: it has none to be read. */
static gboolean read_group_start(Reader *r, gboolean *asserts)
{
    const char *at = r->at;

    *asserts = g_str_has_prefix(at, "=") || g_str_has_prefix(at, "!") ||
               g_str_has_prefix(at, "<=") || g_str_has_prefix(at, "<!");
    if (*asserts) {
        r->at += *at == '<' ? 2 : 1;
        return TRUE;
    }
    if (*at == '>' || *at == '|') {
        r->at++;
        return TRUE;
    }
    if (*at == '<' || *at == '\'' || g_str_has_prefix(at, "P<")) {
        const char *end = strchr(at + (*at == 'P' ? 2 : 1), *at == '\'' ? '\'' : '>');
        r->lost |= end == NULL;
        r->at = end != NULL ? end + 1 : at;
        return TRUE;
    }
    while (*r->at != '\0' && strchr("imsnUJ-", *r->at) != NULL)
        r->at++;
    if (*r->at == ':') {
        r->at++;
        return TRUE;
    }
    r->lost |= *r->at != ')';
    return FALSE;
}

static void read_group(Reader *r, Sequence *s)
{
    gboolean asserts = FALSE, optional, has_pattern = TRUE;
    g_autoptr(GPtrArray) sets = NULL;

    end_run(s);
    r->at++;
    if (*r->at == '*') {
        r->lost = TRUE;
    } else if (*r->at == '?') {
        r->at++;
        has_pattern = read_group_start(r, &asserts);
    }
    if (has_pattern && !r->lost)
        sets = read_alternatives(r);
    r->lost |= *r->at != ')';
    if (r->lost)
        return;
    r->at++;
    read_quantifier(r, &optional);
    if (sets != NULL && !asserts && !optional)
        offer_all(s, sets);
}

static void read_item(Reader *r, Sequence *s)
{
    switch (*r->at) {
    case '\\':
        read_escape(r, s);
        break;
    case '[':
        skip_class(r);
        pass(r, s);
        break;
    case '(':
        read_group(r, s);
        break;
    case '.':
    case '^':
    case '$':
        r->at++;
        pass(r, s);
        break;
    default:
        add_literal(r, s);
        quantify_literal(r, s);
    }
}

static GPtrArray *read_sequence(Reader *r)
{
    Sequence s = {.run = g_string_new(NULL), .sets = g_ptr_array_new_with_free_func(free_set)};

    while (!r->lost && *r->at != '\0' && *r->at != '|' && *r->at != ')')
        read_item(r, &s);
    end_run(&s);
    g_string_free(s.run, TRUE);
    return s.sets;
}

/* The n-th set of alternatives: the n-th set of each, or the last where one has fewer. NULL
 * if one has none. */
static GPtrArray *join_sets(const GPtrArray *alternatives, guint n)
{
    GPtrArray *joined = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < alternatives->len; i++) {
        const GPtrArray *sets = g_ptr_array_index(alternatives, i);
        if (sets->len == 0) {
            g_ptr_array_unref(joined);
            return NULL;
        }
        const GPtrArray *set = g_ptr_array_index(sets, MIN(n, sets->len - 1));
        for (guint j = 0; j < set->len; j++)
            g_ptr_array_add(joined, g_strdup(g_ptr_array_index(set, j)));
    }
    return joined;
}

static guint most_sets(const GPtrArray *alternatives)
{
    guint most = 0;

    for (guint i = 0; i < alternatives->len; i++)
        most = MAX(most, ((const GPtrArray *)g_ptr_array_index(alternatives, i))->len);
    return most;
}

static GPtrArray *read_alternatives(Reader *r)
{
    g_autoptr(GPtrArray) alternatives = g_ptr_array_new_with_free_func(free_set);
    Sequence all = {.sets = g_ptr_array_new_with_free_func(free_set)};

    r->lost |= ++r->depth > DEEPEST;
    while (!r->lost) {
        g_ptr_array_add(alternatives, read_sequence(r));
        if (*r->at != '|')
            break;
        r->at++;
    }
    r->depth--;
    for (guint n = 0; !r->lost && n < most_sets(alternatives); n++) {
        GPtrArray *joined = join_sets(alternatives, n);
        if (joined == NULL)
            break;
        offer(&all, joined);
    }
    return all.sets;
}

GPtrArray *pd_pattern_required(const char *rewritten)
{
    Reader r = {.at = rewritten};
    GPtrArray *sets = read_alternatives(&r);

    if (r.lost || *r.at != '\0')
        g_ptr_array_set_size(sets, 0);
    /* The best comes first and is kept in any case; another one must be worth looking for. */
    while (sets->len > 1 && shortest(g_ptr_array_index(sets, sets->len - 1)) < SHORTEST_FURTHER)
        g_ptr_array_set_size(sets, (gint)sets->len - 1);
    return sets;
}
