/* Whose a photo is, by its name alone. */
#include <check.h>
#include <string.h>

#include "photo_name.h"
#include "suite.h"

static void number_is(const char *name, const char *number)
{
    char found[300];

    ck_assert_ptr_null(photo_name_read(name, found).reason);
    ck_assert_str_eq(found, number);
}

static void fault_is(const char *name, const char *reason)
{
    char found[300];
    photo_fault fault = photo_name_read(name, found);

    ck_assert_msg(fault.reason && strcmp(fault.reason, reason) == 0, "%s: %s", name, fault.reason);
    ck_assert_str_ne(fault.sentence, "");
}

START_TEST(the_number_is_the_name_without_its_ending)
{
    number_is("0007.jpg", "0007");
    number_is("0007.JPEG", "0007");
    number_is("0007.Png", "0007");
    number_is("\u5458\u5de5 7.jpg", "\u5458\u5de5 7");
    number_is("a.b.jpg", "a.b");
    number_is("x.png.jpg", "x.png");
    number_is(" 7.jpg", " 7"); /* exactly as it stands */
}
END_TEST

START_TEST(what_ends_otherwise_is_no_photo)
{
    static const char *const names[] = {"0007", "0007.gif", "0007.jpg.zip", "0007.", "jpg", "0007.jpg ", "0007.webp"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        fault_is(names[i], "NOT_AN_IMAGE");
}
END_TEST

START_TEST(a_name_that_is_only_an_ending_has_no_number)
{
    fault_is(".jpg", "NUMBER_MISSING");
    fault_is("  .png", "NUMBER_MISSING");
}
END_TEST

int main(void)
{
    return RUN_SUITE("photo name", 10, the_number_is_the_name_without_its_ending, what_ends_otherwise_is_no_photo,
                     a_name_that_is_only_an_ending_has_no_number);
}
