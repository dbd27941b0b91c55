/* Comments as Markdown. */
#include <check.h>

#include "comment_text.h"
#include "suite.h"

static arena memory;

static void set_up(void)
{
    arena_init(&memory, 1 << 20);
}

static void tear_down(void)
{
    arena_done(&memory);
}

START_TEST(the_lines_of_a_paragraph_are_joined)
{
    ck_assert_str_eq(comment_reflow(" One\n two.\n\n Three.\n", &memory), "One two.\n\nThree.");
    ck_assert_str_eq(comment_reflow(" Ends at once", &memory), "Ends at once");
    ck_assert_str_eq(comment_reflow("\n\n", &memory), "");
    ck_assert_str_eq(comment_reflow("", &memory), "");
}
END_TEST

START_TEST(lists_and_code_keep_their_lines)
{
    ck_assert_str_eq(comment_reflow(" Either:\n - this,\n   in two lines\n - that\n", &memory),
                     "Either:\n- this,\n  in two lines\n- that");
    ck_assert_str_eq(comment_reflow(" 1. one\n 2. two\n", &memory), "1. one\n2. two");
    ck_assert_str_eq(comment_reflow(" As so:\n\n     code();\n     more();\n\n Done.\n", &memory),
                     "As so:\n\n    code();\n    more();\n\nDone.");
    ck_assert_str_eq(comment_reflow(" From 1\n to 5 -\n never more\n", &memory), "From 1 to 5 - never more");
}
END_TEST

START_TEST(a_sentence_ends_at_its_full_stop)
{
    ck_assert_str_eq(comment_first_sentence("One. Two.", &memory), "One");
    ck_assert_str_eq(comment_first_sentence("Version 1.5 of it.", &memory), "Version 1.5 of it");
    ck_assert_str_eq(comment_first_sentence("A title\n\nA text.", &memory), "A title");
    ck_assert_str_eq(comment_first_sentence("", &memory), "");
}
END_TEST

START_TEST(want_of_memory_is_told)
{
    arena none;

    arena_init(&none, 0);
    ck_assert_ptr_null(comment_reflow(" One.", &none));
    ck_assert_ptr_null(comment_first_sentence("One.", &none));
    arena_done(&none);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("openapi_comments");
    TCase *cases = tcase_create("comments");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, the_lines_of_a_paragraph_are_joined);
    tcase_add_test(cases, lists_and_code_keep_their_lines);
    tcase_add_test(cases, a_sentence_ends_at_its_full_stop);
    tcase_add_test(cases, want_of_memory_is_told);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
