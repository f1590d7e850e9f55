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
 * So may its tail (tail.h). Where a word boundary stands beside it, it counts only where a word
 * begins or ends.
 *
 * Many a pattern is plain: no more than words, perhaps with word boundaries. Then a literal of its
 * only set is all of a match, and where one stands the pattern need not be tried.
 *
 * The pieces are read by literal_reader.c, words by literal_words.c, what is known of pieces that
 * stand one behind the other is kept by literal_sequence.c; here stands what each item of a pattern
 * means, and how groups and alternatives are put together.
 */
#include "rules/literal_sequence.h"
#include "rules/literal_words.h"

#include <string.h>

#define LIGHTEST_FURTHER 4 /* letters */
#define DEEPEST 60

/* What was read of a group, or of all. */
typedef struct {
    GPtrArray *sets;  /* NULL: it has no pattern */
    GPtrArray *forms; /* all that it can be; NULL: not known, or too many */
    PdTail *head;     /* what it begins with */
    GPtrArray *tails; /* that go on behind it */
    PdExtent extent;
    gboolean asserts;
    gboolean plain; /* it is one of the literals of its set, no more and no less */
} Group;

static void read_alternatives(PdLiteralReader *r, Group *group);

static void group_clear(Group *group)
{
    g_clear_pointer(&group->sets, g_ptr_array_unref);
    g_clear_pointer(&group->forms, g_ptr_array_unref);
    g_clear_pointer(&group->head, pd_tail_unref);
    g_clear_pointer(&group->tails, g_ptr_array_unref);
}

static void add_char(PdLiteralReader *r, PdSequence *s)
{
    const char *next = g_utf8_next_char(r->at);

    pd_sequence_add_char(s, g_utf8_get_char(r->at), (gsize)(next - r->at));
    r->at = next;
}

static void quantify_char(PdLiteralReader *r, PdSequence *s)
{
    PdRepeat repeat;

    if (pd_literal_reader_quantifier(r, &repeat))
        pd_sequence_repeat_char(s, repeat);
}

static void pass_char(PdLiteralReader *r, PdSequence *s, const PdByteSet *set)
{
    PdRepeat repeat;

    pd_literal_reader_quantifier(r, &repeat);
    pd_sequence_pass_char(s, set, repeat);
}

static void pass(PdLiteralReader *r, PdSequence *s, PdExtent item)
{
    PdRepeat repeat;

    pd_literal_reader_quantifier(r, &repeat);
    pd_sequence_pass(s, item, repeat);
}

static void read_class(PdLiteralReader *r, PdSequence *s)
{
    const char *class = r->at;
    PdByteSet set = {0};

    pd_literal_reader_skip_class(r);
    gboolean known = !r->lost && pd_byte_set_of_class(class, (gsize)(r->at - class), &set);
    pass_char(r, s, known ? &set : NULL);
}

static void read_quoted(PdLiteralReader *r, PdSequence *s)
{
    r->at += 2;
    r->lost |= g_str_has_prefix(r->at, "\\E"); /* a quantifier behind it is of what was before */
    while (*r->at != '\0' && !g_str_has_prefix(r->at, "\\E"))
        add_char(r, s);
    r->at += *r->at != '\0' ? 2 : 0;
    quantify_char(r, s);
}

static void read_escape(PdLiteralReader *r, PdSequence *s)
{
    char c = r->at[1];

    if (c == 'Q') {
        read_quoted(r, s);
    } else if (c == 'p' || c == 'P') {
        pd_literal_reader_skip_property(r);
        pass_char(r, s, NULL);
    } else if (c == '\0' || (c == 'N' && r->at[2] == '{')) {
        r->lost = TRUE;
    } else if (!g_ascii_isalnum(c)) {
        r->at++;
        add_char(r, s);
        quantify_char(r, s);
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

static void read_inside(PdLiteralReader *r, Group *group)
{
    gboolean has_pattern = TRUE;

    r->at++;
    if (*r->at == '*') {
        r->lost = TRUE;
    } else if (*r->at == '?') {
        r->at++;
        has_pattern = pd_literal_reader_group_start(r, &group->asserts);
    }
    if (has_pattern && !r->lost)
        read_alternatives(r, group);
    r->lost |= *r->at != ')';
}

/* The tails end with what the group begins with. */
static void extend_by_group(PdSequence *s, const Group *group, PdRepeat repeat)
{
    for (guint i = 0; group->head != NULL && repeat.least > 0 && i < group->head->count; i++)
        pd_tails_extend(s->tails, &group->head->places[i]);
    pd_tails_end(s->tails);
}

/* "(?:…)?" may as well be nothing. */
static gboolean multiply(PdSequence *s, const Group *group, PdRepeat repeat)
{
    PdExtent extent = group->extent;

    if (group->asserts || group->forms == NULL || repeat.most != 1)
        return FALSE;
    if (repeat.least == 0) {
        g_ptr_array_add(group->forms, g_string_new(NULL));
        extent.least = 0;
    }
    return pd_sequence_multiply(s, group->forms, extent);
}

static void add_group(PdLiteralReader *r, PdSequence *s, const Group *group)
{
    PdRepeat repeat;
    gboolean repeats = pd_literal_reader_quantifier(r, &repeat);

    if (multiply(s, group, repeat))
        return;
    pd_sequence_end_run(s);
    if (!group->asserts)
        extend_by_group(s, group, repeat);
    if (group->sets != NULL && !group->asserts && repeat.least > 0)
        pd_literal_sets_offer_all(s->sets, group->sets, s->extent, s->bounded);
    if (!repeats && !group->asserts && group->tails != NULL)
        pd_tails_add(s->tails, group->tails);
    pd_sequence_advance(s, group->asserts ? (PdExtent){0, 0} : group->extent, repeat,
                        group->plain && !group->asserts && !repeats);
}

/* Takes no room, and holds no literal. */
static void read_boundary(PdLiteralReader *r, PdSequence *s)
{
    PdRepeat repeat;

    if (pd_literal_reader_quantifier(r, &repeat))
        pd_sequence_pass(s, (PdExtent){0, 0}, repeat);
    else
        pd_sequence_bound(s);
}

static void read_group(PdLiteralReader *r, PdSequence *s)
{
    Group group = {0};
    gboolean is_usual;
    gsize boundary = pd_pattern_boundary(r->begin, (gsize)(r->at - r->begin), &is_usual);

    if (boundary > 0) {
        r->special |= !is_usual;
        r->at += boundary;
        read_boundary(r, s);
        return;
    }
    read_inside(r, &group);
    if (!r->lost) {
        r->at++;
        add_group(r, s, &group);
    }
    group_clear(&group);
}

static void read_item(PdLiteralReader *r, PdSequence *s)
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
        add_char(r, s);
        quantify_char(r, s);
    }
}

/* forms: of all alternatives read before; NULL if one has no exact ones. Whether there is room for
 * so many more. */
static gboolean have_room(GPtrArray **forms, guint more)
{
    if (*forms != NULL && (more == 0 || (*forms)->len + more > PD_MOST_FORMS))
        g_clear_pointer(forms, g_ptr_array_unref);
    return *forms != NULL;
}

static void add_forms(GPtrArray **forms, const PdSequence *s)
{
    if (!have_room(forms, s->exact ? s->run->len : 0))
        return;
    for (guint i = 0; i < s->run->len; i++)
        g_ptr_array_add(*forms, g_string_new(((GString *)g_ptr_array_index(s->run, i))->str));
}

static void add_words(GPtrArray **forms, const GPtrArray *words)
{
    if (!have_room(forms, words->len))
        return;
    for (guint i = 0; i < words->len; i++)
        g_ptr_array_add(*forms, g_string_new(((PdLiteral *)g_ptr_array_index(words, i))->text));
}

static void read_words(PdLiteralReader *r, Group *words, GPtrArray **forms)
{
    GPtrArray *set = pd_literal_set_new();

    words->head = pd_tail_new();
    words->tails = pd_tails_new();
    pd_literal_words_read(r, set, words->head, words->tails, &words->extent);
    add_words(forms, set);
    words->plain = TRUE;
    words->sets = pd_literal_sets_new();
    pd_literal_sets_offer(words->sets, set);
}

static void read_sequence(PdLiteralReader *r, Group *sequence, GPtrArray **forms)
{
    PdSequence s;

    sequence->head = pd_tail_new();
    pd_sequence_init(&s, sequence->head);
    while (!r->lost && *r->at != '\0' && *r->at != '|' && *r->at != ')')
        read_item(r, &s);
    add_forms(forms, &s);
    sequence->sets = pd_sequence_finish(&s, &sequence->tails);
    sequence->plain = pd_sequence_is_plain(&s);
    sequence->extent = s.extent;
}

static void add_alternative(Group *group, Group *one, gboolean first)
{
    group->extent = first ? one->extent : pd_extent_or(group->extent, one->extent);
    group->plain = (first || group->plain) && one->plain;
    if (first)
        group->head = g_steal_pointer(&one->head);
    else
        pd_tail_or(group->head, one->head);
    if (first)
        group->tails = g_steal_pointer(&one->tails);
    else
        pd_tails_add(group->tails, one->tails);
    group_clear(one);
}

static void read_alternatives(PdLiteralReader *r, Group *group)
{
    g_autoptr(GPtrArray) alternatives =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    group->forms = pd_literal_forms_new();
    r->lost |= ++r->depth > DEEPEST;
    while (!r->lost) {
        Group one = {0};
        if (pd_literal_words_begin(r))
            read_words(r, &one, &group->forms);
        else
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

PdEdges pd_literal_edges(const PdLiteral *literal)
{
    return (literal->starts_word ? PD_STARTS_WORD : 0) |
           (literal->tail->follows_word ? PD_ENDS_WORD : 0);
}

/* The best and the nearest are kept in any case; another must be worth looking for. */
static void drop_poor(GPtrArray *sets)
{
    for (guint i = sets->len; i-- > 1;) {
        if (i != pd_literal_sets_nearest(sets) &&
            pd_literal_set_weight(g_ptr_array_index(sets, i)) < LIGHTEST_FURTHER)
            g_ptr_array_remove_index(sets, i);
    }
}

/* Whether "\b" on one side of it is what the edges of a literal say: of an ASCII letter, digit or
 * '_' they ask for it, beside Han it always holds. */
static gboolean bounds_well(gunichar c)
{
    return c < 0x80 ? g_ascii_isalnum((char)c) || c == '_' : pd_pattern_is_han(c);
}

/* Whether its literals with their edges tell all that a match of them must be. */
static gboolean are_told_by_edges(const GPtrArray *set)
{
    for (guint i = 0; i < set->len; i++) {
        const PdLiteral *literal = g_ptr_array_index(set, i);
        const char *last =
            g_utf8_find_prev_char(literal->text, literal->text + strlen(literal->text));
        if ((literal->starts_word && !bounds_well(g_utf8_get_char(literal->text))) ||
            (literal->tail->follows_word && !bounds_well(g_utf8_get_char(last))))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *pd_pattern_required(const char *rewritten, gboolean *plain)
{
    PdLiteralReader r = {.begin = rewritten, .at = rewritten};
    Group all = {0};

    read_alternatives(&r, &all);
    GPtrArray *sets = g_steal_pointer(&all.sets);
    group_clear(&all);
    if (r.lost || *r.at != '\0')
        g_ptr_array_set_size(sets, 0);
    drop_poor(sets);
    *plain =
        all.plain && !r.special && sets->len == 1 && are_told_by_edges(g_ptr_array_index(sets, 0));
    return sets;
}
