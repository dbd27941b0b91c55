#include <check.h>
#include <string.h>

#include "photo_rules.h"
#include "suite.h"

static const struct {
    const char *what;
    photo_measures measures; /* faces, share, luma, sharpness, symmetry */
    photo_verdict verdict;
} cases[] = {
    {"a good portrait", {1, 0.5f, 120, 100, 0.8f}, PHOTO_OK},
    {"a third of the height is enough", {1, 1.0f / 3, 120, 100, 0.8f}, PHOTO_OK},
    {"less than a third is too small", {1, 0.33f, 120, 100, 0.8f}, PHOTO_FACE_TOO_SMALL},
    {"nobody there", {0, 0, 0, 0, 0}, PHOTO_NO_FACE},
    {"two are one too many", {2, 0.5f, 120, 100, 0.8f}, PHOTO_SEVERAL_FACES},
    {"several count before small", {2, 0.1f, 120, 100, 0.8f}, PHOTO_SEVERAL_FACES},
    {"dusk is still fine", {1, 0.5f, PHOTO_LUMA_MIN, 100, 0.8f}, PHOTO_OK},
    {"night is not", {1, 0.5f, PHOTO_LUMA_MIN - 1, 100, 0.8f}, PHOTO_TOO_DARK},
    {"darkness counts before blur", {1, 0.5f, 10, 0, 0.8f}, PHOTO_TOO_DARK},
    {"just sharp", {1, 0.5f, 120, PHOTO_SHARPNESS_MIN, 0.8f}, PHOTO_OK},
    {"not quite sharp", {1, 0.5f, 120, PHOTO_SHARPNESS_MIN - 1, 0.8f}, PHOTO_BLURRED},
    {"a three-quarter view", {1, 0.5f, 120, 100, 0.3f}, PHOTO_OK},
    {"a profile", {1, 0.5f, 120, 100, 0.1f}, PHOTO_TURNED_AWAY},
};

START_TEST(the_verdict_follows_from_the_measures)
{
    ck_assert_msg(photo_judge(&cases[_i].measures) == cases[_i].verdict, "%s: %s", cases[_i].what,
                  photo_verdict_reason(photo_judge(&cases[_i].measures)));
}
END_TEST

START_TEST(every_verdict_has_a_reason_and_a_sentence)
{
    for (int verdict = 0; verdict < PHOTO_VERDICTS; verdict++) {
        ck_assert_str_ne(photo_verdict_reason((photo_verdict)verdict), "UNKNOWN");
        ck_assert_uint_gt(strlen(photo_verdict_sentence((photo_verdict)verdict)), 10);
    }
    ck_assert_str_eq(photo_verdict_reason(PHOTO_VERDICTS), "UNKNOWN");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("photo_rules");
    TCase *tests = tcase_create("photo_rules");

    tcase_add_loop_test(tests, the_verdict_follows_from_the_measures, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tests, every_verdict_has_a_reason_and_a_sentence);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
