/* What people write into a field. */
#include "line.h"

#include <string.h>

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
    ck_assert_msg(strcmp(line_trim(text), TRIMS[_i].trimmed) == 0, "%s", TRIMS[_i].name);
}
END_TEST

static const struct {
    const char *name, *text;
    bool line, lines;
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
    ck_assert_msg(line_is_plain(TEXTS[_i].text) == TEXTS[_i].line, "line: %s", TEXTS[_i].name);
    ck_assert_msg(lines_are_plain(TEXTS[_i].text) == TEXTS[_i].lines, "lines: %s", TEXTS[_i].name);
}
END_TEST

static const struct {
    const char *name, *text;
    bool is_one;
} WORDS[] = {
    {"a name", "ann.lee-7@example", true},
    {"letters of any script", "王伟_Zoë🙂", true},
    {"nothing", "", false},
    {"a blank", "ann lee", false},
    {"a blank at the end", "ann ", false},
    {"a control character", "ann\n", false},
    {"a no-break space", "ann\xc2\xa0lee", false},
    {"a soft hyphen", "ann\xc2\xadlee", false},
    {"the character after the soft hyphen",
     "ann\xc2\xae"
     "lee",
     true},
    {"an ogham space", "ann\xe1\x9a\x80lee", false},
    {"a vowel separator", "ann\xe1\xa0\x8elee", false},
    {"an en quad", "ann\xe2\x80\x80lee", false},
    {"a space of no width", "ann\xe2\x80\x8blee", false},
    {"a mark of direction", "ann\xe2\x80\x8flee", false},
    {"a hyphen, which comes after it", "ann\xe2\x80\x90lee", true},
    {"a narrow no-break space", "ann\xe2\x80\xaflee", false},
    {"a permille sign, which comes after it", "ann\xe2\x80\xb0lee", true},
    {"a mathematical space", "ann\xe2\x81\x9flee", false},
    {"a word joiner", "ann\xe2\x81\xa0lee", false},
    {"an invisible plus", "ann\xe2\x81\xa4lee", false},
    {"a wide space", "ann\xe3\x80\x80lee", false},
    {"a wide comma, which comes after it", "ann\xe3\x80\x81lee", true},
    {"a byte order mark",
     "\xef\xbb\xbf"
     "ann",
     false},
};

START_TEST(a_name_to_sign_in_with_is_one_word_that_everybody_sees)
{
    ck_assert_msg(line_is_one_word(WORDS[_i].text) == WORDS[_i].is_one, "%s", WORDS[_i].name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("line");
    TCase *tests = tcase_create("lines");

    tcase_add_loop_test(tests, white_space_is_cut_off_both_ends, 0, sizeof TRIMS / sizeof *TRIMS);
    tcase_add_loop_test(tests, control_characters_are_told_from_text, 0, sizeof TEXTS / sizeof *TEXTS);
    tcase_add_loop_test(tests, a_name_to_sign_in_with_is_one_word_that_everybody_sees, 0, sizeof WORDS / sizeof *WORDS);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
