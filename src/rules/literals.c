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
 * So may its tail (tail.h), which goes on from the end of the literal's run until something comes
 * of which nothing is known.
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
    GPtrArray *run;   /* of GString *: what is being read, in all its forms; empty: nothing */
    gboolean exact;   /* the sequence is no more than the run */
    PdExtent before;  /* of what stands before the run */
    PdExtent extent;  /* of all that was read */
    PdExtent item;    /* of what was read last */
    GPtrArray *sets;  /* as pd_pattern_required() */
    GPtrArray *tails; /* of PdTail *: those that go on here */
} Sequence;

/* How often an item may stand. */
typedef struct {
    gsize least, most;
} Repeat;

static const PdExtent one_char = {1, LONGEST_CHAR};

/* What was read of a group, or of all. */
typedef struct {
    GPtrArray *sets;  /* NULL: it has no pattern */
    GPtrArray *forms; /* all that it can be; NULL: not known, or too many */
    PdTail *head;     /* what it begins with */
    PdExtent extent;
    gboolean asserts;
} Group;

static void read_alternatives(Reader *r, Group *group);

static void group_clear(Group *group)
{
    g_clear_pointer(&group->sets, g_ptr_array_unref);
    g_clear_pointer(&group->forms, g_ptr_array_unref);
    g_clear_pointer(&group->head, pd_tail_unref);
}

static void string_free(gpointer string)
{
    g_string_free(string, TRUE);
}

static GPtrArray *new_forms(void)
{
    return g_ptr_array_new_with_free_func(string_free);
}

/* Tails of what stands before the run go on with it; forms of different lengths end them. */
static void extend_by_run(Sequence *s)
{
    gsize shortest = G_MAXSIZE, longest = 0;

    for (guint i = 0; i < s->run->len; i++) {
        shortest = MIN(shortest, ((const GString *)g_ptr_array_index(s->run, i))->len);
        longest = MAX(longest, ((const GString *)g_ptr_array_index(s->run, i))->len);
    }
    for (gsize place = 0; place < shortest && s->tails->len > 0; place++) {
        PdByteSet set = {0};
        for (guint i = 0; i < s->run->len; i++)
            pd_byte_set_add(&set,
                            (guint8)((const GString *)g_ptr_array_index(s->run, i))->str[place]);
        pd_tails_extend(s->tails, &set);
    }
    if (shortest < longest)
        pd_tails_end(s->tails);
}

static void offer_run(Sequence *s)
{
    GPtrArray *set = pd_literal_set_new();
    PdTail *tail = pd_tail_new();

    for (guint i = 0; i < s->run->len; i++)
        g_ptr_array_add(
            set, pd_literal_new(((GString *)g_ptr_array_index(s->run, i))->str, s->before, tail));
    pd_literal_sets_offer(s->sets, set);
    g_ptr_array_add(s->tails, tail);
}

static void end_run(Sequence *s)
{
    if (s->run->len > 0) {
        extend_by_run(s);
        offer_run(s);
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
        pd_tails_end(s->tails);
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
    pd_tails_end(s->tails);
    s->extent = s->before = whole;
}

/* The tails go on with a character out of a set; NULL: with one of which nothing is known. */
static void extend_by_char(Sequence *s, const PdByteSet *set, Repeat repeat)
{
    for (gsize i = 0; set != NULL && i < MIN(repeat.least, PD_TAIL_PLACES); i++)
        pd_tails_extend(s->tails, set);
    if (set == NULL || repeat.most != repeat.least)
        pd_tails_end(s->tails);
}

/* One character of a set, or of which nothing is known but that it stands here. */
static void pass_char(Reader *r, Sequence *s, const PdByteSet *set)
{
    Repeat repeat;

    end_run(s);
    read_quantifier(r, &repeat);
    extend_by_char(s, set, repeat);
    advance(s, one_char, repeat);
}

/* Something else; what takes no room leaves the tails as they are. */
static void pass(Reader *r, Sequence *s, PdExtent item)
{
    Repeat repeat;

    end_run(s);
    read_quantifier(r, &repeat);
    if (item.most > 0)
        pd_tails_end(s->tails);
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

static void read_class(Reader *r, Sequence *s)
{
    const char *class = r->at;
    PdByteSet set = {0};

    skip_class(r);
    gboolean known = !r->lost && pd_byte_set_of_class(class, (gsize)(r->at - class), &set);
    pass_char(r, s, known ? &set : NULL);
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
        pass_char(r, s, NULL);
    } else if (c == '\0' || (c == 'N' && r->at[2] == '{')) {
        r->lost = TRUE;
    } else if (!g_ascii_isalnum(c)) {
        r->at++;
        add_literal(r, s);
        quantify_literal(r, s);
    } else if (strchr("dDwWsShHvVNtnrfea", c) != NULL) {
        PdByteSet set = {0};
        r->at += 2;
        pass_char(r, s, pd_byte_set_of_escape(c, &set) ? &set : NULL);
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
        read_alternatives(r, group);
    r->lost |= *r->at != ')';
}

/* The tails end with what the group begins with. */
static void extend_by_group(Sequence *s, const Group *group, Repeat repeat)
{
    for (guint i = 0; group->head != NULL && repeat.least > 0 && i < group->head->count; i++)
        pd_tails_extend(s->tails, &group->head->places[i]);
    pd_tails_end(s->tails);
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
    if (!group->asserts)
        extend_by_group(s, group, repeat);
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
    group_clear(&group);
}

static void read_item(Reader *r, Sequence *s)
{
    switch (*r->at) {
    case '\\':
        read_escape(r, s);
        break;
    case '[':
        read_class(r, s);
        break;
    case '(':
        read_group(r, s);
        break;
    case '.':
        r->at++;
        pass_char(r, s, NULL);
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

static void read_sequence(Reader *r, Group *sequence, GPtrArray **forms)
{
    Sequence s = {
        .run = new_forms(), .exact = TRUE, .sets = pd_literal_sets_new(), .tails = pd_tails_new()};

    sequence->head = pd_tail_new();
    g_ptr_array_add(s.tails, pd_tail_ref(sequence->head));
    while (!r->lost && *r->at != '\0' && *r->at != '|' && *r->at != ')')
        read_item(r, &s);
    add_forms(forms, &s);
    end_run(&s);
    g_ptr_array_unref(s.run);
    g_ptr_array_unref(s.tails);
    sequence->extent = s.extent;
    sequence->sets = s.sets;
}

static void add_alternative(Group *group, Group *one, gboolean first)
{
    group->extent = first ? one->extent : pd_extent_or(group->extent, one->extent);
    if (first)
        group->head = g_steal_pointer(&one->head);
    else
        pd_tail_or(group->head, one->head);
    group_clear(one);
}

static void read_alternatives(Reader *r, Group *group)
{
    g_autoptr(GPtrArray) alternatives =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    group->forms = new_forms();
    r->lost |= ++r->depth > DEEPEST;
    while (!r->lost) {
        Group one = {0};
        read_sequence(r, &one, &group->forms);
        g_ptr_array_add(alternatives, g_steal_pointer(&one.sets));
        add_alternative(group, &one, alternatives->len == 1);
        if (*r->at != '|')
            break;
        r->at++;
    }
    r->depth--;
    group->sets = r->lost ? pd_literal_sets_new() : pd_literal_sets_join(alternatives);
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
    Group all = {0};

    read_alternatives(&r, &all);
    GPtrArray *sets = g_steal_pointer(&all.sets);
    group_clear(&all);
    if (r.lost || *r.at != '\0')
        g_ptr_array_set_size(sets, 0);
    drop_poor(sets);
    return sets;
}
