/* attachment_test: a file is known by its bytes, once, however often it comes. */
#include "postdesk/attachments.h"
#include "postdesk/tickets.h"
#include "store_test.h"

#define LOGO "\"sha256\": \"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\""
#define OTHER "\"sha256\": \"ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\""

static guint8 logo[PD_HASH_SIZE], other[PD_HASH_SIZE];

static gint64 put(guint32 uid, const char *from, const char *attachments)
{
    gint64 inbox = add_message(store, "main", uid, "Subject: x\n\ny\n");
    PdStoredMessage message = {
        .inbox = inbox, .from = (char *)from, .attachments = (char *)attachments};

    MUST(pd_store_begin(store));
    MUST(pd_message_put(store, &message));
    MUST(pd_store_commit(store));
    return inbox;
}

static gboolean came_before(const guint8 *sha256, const char *address, gint64 inbox)
{
    gboolean before;

    MUST(pd_attachment_came_before(store, sha256, address, inbox, &before));
    return before;
}

START_TEST(a_file_stands_once_however_often_it_comes)
{
    ck_assert(pd_attachment_digest(strchr(LOGO, ' ') + 2, logo) == FALSE); /* a quote behind */
    g_autofree char *hex = g_strndup(strchr(LOGO, ' ') + 2, 64);
    ck_assert(pd_attachment_digest(hex, logo));
    gint64 first = put(1, "ann@example.org", "[{\"name\": \"a.png\", \"size\": 7, " LOGO "}]");
    gint64 second = put(2, "ann@example.org", "[{\"name\": \"b.png\", \"size\": 7, " LOGO "}]");
    g_autoptr(PdKnownAttachment) known = NULL;

    MUST(pd_attachment_find(store, logo, &known));
    ck_assert_ptr_nonnull(known);
    ck_assert_int_eq(known->first_inbox, first);
    ck_assert_int_eq(known->arrivals, 2);
    ck_assert_int_eq(known->size, 7);
    ck_assert_str_eq(known->name, "a.png");
    ck_assert(!came_before(logo, "ann@example.org", first));
    ck_assert(came_before(logo, "Ann@example.org", second));
    ck_assert(!came_before(logo, "bob@example.org", second));
    ck_assert(!came_before(other, "ann@example.org", second));
}
END_TEST

/* "redecode" writes a message again. */
START_TEST(a_message_that_is_written_again_changes_nothing)
{
    gint64 inbox = add_message(store, "main", 1, "Subject: x\n\ny\n");
    PdStoredMessage message = {
        .inbox = inbox, .from = "ann@example.org", .attachments = "[{" OTHER "}, {" OTHER "}]"};
    g_autofree char *hex = g_strndup(strchr(OTHER, ' ') + 2, 64);
    g_autoptr(PdKnownAttachment) known = NULL;

    for (int i = 0; i < 2; i++) {
        MUST(pd_store_begin(store));
        MUST(pd_message_put(store, &message));
        MUST(pd_store_commit(store));
    }
    ck_assert(pd_attachment_digest(hex, other));
    MUST(pd_attachment_find(store, other, &known));
    ck_assert_int_eq(known->arrivals, 1);
}
END_TEST

Suite *attachment_suite(void)
{
    const TTest *const tests[] = {a_file_stands_once_however_often_it_comes,
                                  a_message_that_is_written_again_changes_nothing};

    return suite_of("attachments", tests, G_N_ELEMENTS(tests));
}
