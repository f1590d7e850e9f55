/* literals.c: what a text must contain for a pattern to match it.
 *
 * Reads a pattern (already rewritten) just far enough to find sets of literals, of each of
 * which every match contains at least one. They may be too weak but are never wrong: whatever
 * is not surely understood ends the reading with "none known", and the pattern is then always
 * tried. Literals are lower-case ASCII or characters without case; text is NFKC, where no
 * other character is equal to an ASCII letter but for its case.
 *
 * Beside each literal stands how far behind the match's beginning it may be: a hit of it tells
 * the few places where a match may begin. These bounds too may be too wide but never too narrow.
 */
#include "rules/literal_set.h"

#include <string.h>

#define SHORTEST_FURTHER 4 /* bytes */
#define DEEPEST 60
#define MOST_FORMS 24 /* of one run: "(?:ord|inv)-" has two */
#define LONGEST_CHAR 4
#define FIRST_WITHOUT_CASE 0x2e80 /* the blocks from CJK radicals to Vai */
#define LAST_WITHOUT_CASE 0xa63f

typedef struct {
    const char *at;
    guint depth;
    gboolean lost; /* not understood */
} Reader;

/* What is known of a sequence so far. */
typedef struct {
    GPtrArray *run;  /* of GString *: what is being read, in all its forms; empty: nothing */
    gboolean exact;  /* the sequence is no more than the run */
    PdExtent before; /* of what stands before the run */
    PdExtent extent; /* of all that was read */
    PdExtent item;   /* of what was read last */
    GPtrArray *sets; /* as pd_pattern_required() */
} Sequence;

/* How often an item may stand. */
typedef struct {
    gsize least, most;
} Repeat;

static const PdExtent one_char = {1, LONGEST_CHAR};

static GPtrArray *read_alternatives(Reader *r, PdExtent *extent, GPtrArray **forms);

static void string_free(gpointer string)
{
    g_string_free(string, TRUE);
}

static GPtrArray *new_forms(void)
{
    return g_ptr_array_new_with_free_func(string_free);
}

static void end_run(Sequence *s)
{
    if (s->run->len > 0) {
        GPtrArray *set = pd_literal_set_new();
        for (guint i = 0; i < s->run->len; i++)
            g_ptr_array_add(
                set, pd_literal_new(((GString *)g_ptr_array_index(s->run, i))->str, s->before));
        pd_literal_sets_offer(s->sets, set);
    }
    g_ptr_array_set_size(s->run, 0);
    s->before = s->extent;
    s->exact = FALSE;
}

static void append_to_run(Sequence *s, gunichar c)
{
    if (s->run->len == 0)
        g_ptr_array_add(s->run, g_string_new(NULL));
    for (guint i = 0; i < s->run->len; i++)
        g_string_append_unichar(g_ptr_array_index(s->run, i), c);
}

/* Each form goes on with each of the others. FALSE, and nothing done: they would be too many. */
static gboolean multiply_run(Sequence *s, const GPtrArray *forms)
{
    GPtrArray *run = new_forms();

    if (s->run->len == 0)
        g_ptr_array_add(s->run, g_string_new(NULL));
    for (guint i = 0; s->run->len * forms->len <= MOST_FORMS && i < s->run->len; i++) {
        for (guint j = 0; j < forms->len; j++) {
            GString *form = g_string_new(((GString *)g_ptr_array_index(s->run, i))->str);
            g_string_append(form, ((GString *)g_ptr_array_index(forms, j))->str);
            g_ptr_array_add(run, form);
        }
    }
    if (run->len == 0) {
        g_ptr_array_unref(run);
        return FALSE;
    }
    g_ptr_array_unref(s->run);
    s->run = run;
    return TRUE;
}

/* An item of that extent, which stood as often; the run has ended before it. */
static void advance(Sequence *s, PdExtent item, Repeat repeat)
{
    s->item = pd_extent_times(item, repeat.least, repeat.most);
    s->extent = pd_extent_plus(s->extent, s->item);
    s->before = s->extent;
}

static void add_literal(Reader *r, Sequence *s)
{
    gunichar c = g_utf8_get_char(r->at);
    const char *next = g_utf8_next_char(r->at);
    gsize size = (gsize)(next - r->at);

    r->at = next;
    if (c >= 0x80 && (c < FIRST_WITHOUT_CASE || c > LAST_WITHOUT_CASE)) {
        end_run(s); /* other characters may be its equals */
        advance(s, (PdExtent){1, LONGEST_CHAR}, (Repeat){1, 1});
        return;
    }
    append_to_run(s, c < 0x80 ? (gunichar)g_ascii_tolower((char)c) : c);
    s->item = (PdExtent){size, size};
    s->extent = pd_extent_plus(s->extent, s->item);
}

static gsize read_number(const char **at)
{
    gsize number = 0;

    for (; g_ascii_isdigit(**at); (*at)++)
        number = MIN(number * 10 + (gsize)(**at - '0'), PD_ANYWHERE / 100);
    return number;
}

/* "{2}", "{2,}", "{2,5}" behind an item. FALSE: the brace is none of these. */
static gboolean read_braces(Reader *r, Repeat *repeat)
{
    const char *at = r->at + 1;

    if (!g_ascii_isdigit(*at))
        return FALSE;
    repeat->least = repeat->most = read_number(&at);
    if (*at == ',') {
        at++;
        repeat->most = g_ascii_isdigit(*at) ? read_number(&at) : PD_ANYWHERE;
    }
    if (*at != '}')
        return FALSE;
    r->at = at + 1;
    return TRUE;
}

/* TRUE if there is a quantifier. */
static gboolean read_quantifier(Reader *r, Repeat *repeat)
{
    gboolean found = TRUE;

    *repeat = (Repeat){1, 1};
    if (*r->at == '?' || *r->at == '*' || *r->at == '+') {
        repeat->least = *r->at == '+';
        repeat->most = *r->at == '?' ? 1 : PD_ANYWHERE;
        r->at++;
    } else if (*r->at == '{') {
        r->lost |= !(found = read_braces(r, repeat)); /* versions differ about such braces */
    } else {
        found = FALSE;
    }
    if (found && (*r->at == '?' || *r->at == '+'))
        r->at++;
    return found;
}

/* Of the last character of the run. */
static void quantify_literal(Reader *r, Sequence *s)
{
    Repeat repeat;
    PdExtent item = s->item;

    if (!read_quantifier(r, &repeat))
        return;
    if (s->run->len == 0) { /* a character of which nothing is known */
        s->extent = s->before = pd_extent_plus(s->extent, pd_extent_times(item, 0, repeat.most));
        s->extent.least = s->before.least = 0;
        return;
    }
    for (guint i = 0; repeat.least == 0 && i < s->run->len; i++) {
        GString *form = g_ptr_array_index(s->run, i);
        g_string_truncate(form, form->len - item.least);
    }
    s->extent = pd_extent_minus(s->extent, item);
    PdExtent whole = pd_extent_plus(s->extent, pd_extent_times(item, repeat.least, repeat.most));
    end_run(s);
    s->extent = s->before = whole;
}

/* Something of which nothing is known but that it stands here. */
static void pass(Reader *r, Sequence *s, PdExtent item)
{
    Repeat repeat;

    end_run(s);
    read_quantifier(r, &repeat);
    advance(s, item, repeat);
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
    r->lost |= g_str_has_prefix(r->at, "\\E"); /* a quantifier behind it is of what was before */
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
        pass(r, s, one_char);
    } else if (c == '\0' || (c == 'N' && r->at[2] == '{')) {
        r->lost = TRUE;
    } else if (!g_ascii_isalnum(c)) {
        r->at++;
        add_literal(r, s);
        quantify_literal(r, s);
    } else if (strchr("dDwWsShHvVNtnrfea", c) != NULL) {
        r->at += 2;
        pass(r, s, one_char);
    } else if (strchr("bBAzZK", c) != NULL) { /* not \G, which means the place where one begins */
        r->at += 2;
        pass(r, s, (PdExtent){0, 0});
    } else if (c == 'R' || c == 'X') {
        r->at += 2;
        pass(r, s, (PdExtent){1, PD_ANYWHERE});
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

/* What was read of a group. */
typedef struct {
    GPtrArray *sets;  /* NULL: it has no pattern */
    GPtrArray *forms; /* all that it can be; NULL: not known, or too many */
    PdExtent extent;
    gboolean asserts;
} Group;

static void read_inside(Reader *r, Group *group)
{
    gboolean has_pattern = TRUE;

    r->at++;
    if (*r->at == '*') {
        r->lost = TRUE;
    } else if (*r->at == '?') {
        r->at++;
        has_pattern = read_group_start(r, &group->asserts);
    }
    if (has_pattern && !r->lost)
        group->sets = read_alternatives(r, &group->extent, &group->forms);
    r->lost |= *r->at != ')';
}

static void add_group(Reader *r, Sequence *s, const Group *group)
{
    Repeat repeat;
    gboolean repeats = read_quantifier(r, &repeat);

    if (!repeats && !group->asserts && group->forms != NULL && multiply_run(s, group->forms)) {
        s->extent = pd_extent_plus(s->extent, group->extent);
        return;
    }
    end_run(s);
    if (group->sets != NULL && !group->asserts && repeat.least > 0)
        pd_literal_sets_offer_all(s->sets, group->sets, s->extent);
    advance(s, group->asserts ? (PdExtent){0, 0} : group->extent, repeat);
}

static void read_group(Reader *r, Sequence *s)
{
    Group group = {0};

    read_inside(r, &group);
    if (!r->lost) {
        r->at++;
        add_group(r, s, &group);
    }
    g_clear_pointer(&group.sets, g_ptr_array_unref);
    g_clear_pointer(&group.forms, g_ptr_array_unref);
}

static void read_item(Reader *r, Sequence *s)
{
    switch (*r->at) {
    case '\\':
        read_escape(r, s);
        break;
    case '[':
        skip_class(r);
        pass(r, s, one_char);
        break;
    case '(':
        read_group(r, s);
        break;
    case '.':
        r->at++;
        pass(r, s, one_char);
        break;
    case '^':
    case '$':
        r->at++;
        pass(r, s, (PdExtent){0, 0});
        break;
    default:
        add_literal(r, s);
        quantify_literal(r, s);
    }
}

/* forms: of all alternatives read before; NULL if one has no exact ones. */
static void add_forms(GPtrArray **forms, const Sequence *s)
{
    if (*forms == NULL)
        return;
    if (!s->exact || s->run->len == 0 || (*forms)->len + s->run->len > MOST_FORMS) {
        g_clear_pointer(forms, g_ptr_array_unref);
        return;
    }
    for (guint i = 0; i < s->run->len; i++)
        g_ptr_array_add(*forms, g_string_new(((GString *)g_ptr_array_index(s->run, i))->str));
}

static GPtrArray *read_sequence(Reader *r, PdExtent *extent, GPtrArray **forms)
{
    Sequence s = {.run = new_forms(), .exact = TRUE, .sets = pd_literal_sets_new()};

    while (!r->lost && *r->at != '\0' && *r->at != '|' && *r->at != ')')
        read_item(r, &s);
    add_forms(forms, &s);
    end_run(&s);
    g_ptr_array_unref(s.run);
    *extent = s.extent;
    return s.sets;
}

/* forms: all that the alternatives can be, or NULL; caller unrefs. */
static GPtrArray *read_alternatives(Reader *r, PdExtent *extent, GPtrArray **forms)
{
    g_autoptr(GPtrArray) alternatives =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    *forms = new_forms();
    r->lost |= ++r->depth > DEEPEST;
    while (!r->lost) {
        PdExtent one;
        g_ptr_array_add(alternatives, read_sequence(r, &one, forms));
        *extent = alternatives->len > 1 ? pd_extent_or(*extent, one) : one;
        if (*r->at != '|')
            break;
        r->at++;
    }
    r->depth--;
    return r->lost ? pd_literal_sets_new() : pd_literal_sets_join(alternatives);
}

/* The best and the nearest are kept in any case; another must be worth looking for. */
static void drop_poor(GPtrArray *sets)
{
    for (guint i = sets->len; i-- > 1;) {
        if (i != pd_literal_sets_nearest(sets) &&
            pd_literal_set_shortest(g_ptr_array_index(sets, i)) < SHORTEST_FURTHER)
            g_ptr_array_remove_index(sets, i);
    }
}

GPtrArray *pd_pattern_required(const char *rewritten)
{
    Reader r = {.at = rewritten};
    PdExtent extent;
    g_autoptr(GPtrArray) forms = NULL;
    GPtrArray *sets = read_alternatives(&r, &extent, &forms);

    if (r.lost || *r.at != '\0')
        g_ptr_array_set_size(sets, 0);
    drop_poor(sets);
    return sets;
}
