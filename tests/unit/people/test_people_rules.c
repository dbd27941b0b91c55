/* What may be written about a person, and who hears of it. */
#include <check.h>
#include <string.h>

#include "people_rules.h"
#include "suite.h"

static const struct {
    const char *name, *text, *trimmed;
} TRIMS[] = {
    {"nothing to cut", "Ann", "Ann"},
    {"both ends", "  Ann Lee \t\r\n", "Ann Lee"},
    {"a no-break space",
     "\xc2\xa0"
     "Ann\xc2\xa0",
     "Ann"},
    {"a wide space", "\xe3\x80\x80王伟\xe3\x80\x80 ", "王伟"},
    {"a letter that begins like a space", "é王ã", "é王ã"},
    {"white space alone", " \t\xe3\x80\x80\xc2\xa0\n", ""},
    {"nothing", "", ""},
};

START_TEST(white_space_is_cut_off_both_ends)
{
    char text[64];

    strcpy(text, TRIMS[_i].text);
    ck_assert_msg(strcmp(person_text_trim(text), TRIMS[_i].trimmed) == 0, "%s", TRIMS[_i].name);
}
END_TEST

static const struct {
    const char *name, *text;
    bool line, notes;
} TEXTS[] = {
    {"nothing", "", true, true},
    {"letters of any script", "Zoë 王伟 Ирина 🙂", true, true},
    {"the first character after the controls", "\x20~\xc2\xa0", true, true},
    {"a line end", "one\ntwo", false, true},
    {"a tab", "one\ttwo", false, true},
    {"a bell", "ding\a", false, false},
    {"an escape", "\x1b[31mred", false, false},
    {"delete", "a\x7f", false, false},
    {"a C1 control", "a\xc2\x9f", false, false},
    {"a line separator",
     "a\xe2\x80\xa8"
     "b",
     false, false},
    {"a dash, of the same block as the separator",
     "a\xe2\x80\x93"
     "b",
     true, true},
    {"a turned direction",
     "a\xe2\x80\xae"
     "b",
     false, false},
    {"an isolated direction",
     "a\xe2\x81\xa6"
     "b",
     false, false},
};

START_TEST(control_characters_are_told_from_text)
{
    ck_assert_msg(person_line_is_plain(TEXTS[_i].text) == TEXTS[_i].line, "line: %s", TEXTS[_i].name);
    ck_assert_msg(person_notes_are_plain(TEXTS[_i].text) == TEXTS[_i].notes, "notes: %s", TEXTS[_i].name);
}
END_TEST

static const person_at_terminals ANN = {7, "Ann", "0007", "55"};

static const struct {
    const char *name;
    person_at_terminals after;
    bool differs;
} CHANGES[] = {
    {"nothing changed", {7, "Ann", "0007", "55"}, false},  {"another photo", {8, "Ann", "0007", "55"}, true},
    {"no photo any more", {0, "Ann", "0007", "55"}, true}, {"another name", {7, "Anna", "0007", "55"}, true},
    {"another number", {7, "Ann", "7", "55"}, true},       {"no card any more", {7, "Ann", "0007", ""}, true},
};

START_TEST(terminals_hear_of_what_they_show_and_recognise)
{
    ck_assert_msg(person_differs_at_terminals(&ANN, &CHANGES[_i].after) == CHANGES[_i].differs, "%s", CHANGES[_i].name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("people rules");
    TCase *tests = tcase_create("rules");

    tcase_add_loop_test(tests, white_space_is_cut_off_both_ends, 0, sizeof TRIMS / sizeof *TRIMS);
    tcase_add_loop_test(tests, control_characters_are_told_from_text, 0, sizeof TEXTS / sizeof *TEXTS);
    tcase_add_loop_test(tests, terminals_hear_of_what_they_show_and_recognise, 0, sizeof CHANGES / sizeof *CHANGES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
