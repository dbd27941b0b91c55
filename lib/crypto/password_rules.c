/* Which passwords nobody may choose. Pure: no hashing here. */
#include <ctype.h>
#include <string.h>

#include "password.h"
#include "text.h"

enum { DIFFERENT_CHARACTERS_MIN = 5 };

/* What guessing starts with, in lower case. A password is common when it consists of such words and digits alone, in
 * any number and order: "Password123456", "adminadmin2024". */
static const char *const common_words[] = {
    "0",        "1",        "2",          "3",        "4",
    "5",        "6",        "7",          "8",        "9",
    "!",        "@",        "#",          "$",        ".",
    "-",        "_",        " ",          "a1b2c3",   "abc",
    "abcd",     "abcdef",   "access",     "admin",    "administrator",
    "asdf",     "asdfgh",   "asdfghjkl",  "baseball", "changeme",
    "charlie",  "company",  "default",    "dragon",   "football",
    "gate",     "guest",    "hello",      "iloveyou", "letmein",
    "login",    "manager",  "master",     "monkey",   "office",
    "p@ssw0rd", "p@ssword", "pass",       "passw0rd", "password",
    "passwort", "princess", "q1w2e3r4",   "qaz",      "qazwsx",
    "qwer",     "qwerty",   "qwertyuiop", "qwertz",   "root",
    "secret",   "security", "smart",      "spring",   "summer",
    "sunshine", "superman", "system",     "temp",     "test",
    "user",     "welcome",  "winter",     "wsx",      "1q2w3e4r",
    "zxcvbn",   "zxcvbnm",
};

static bool ends_with(const char *text, size_t n, const char *word)
{
    size_t length = strlen(word);

    return length <= n && memcmp(text + n - length, word, length) == 0;
}

/* Whether the text can be cut into common words without a rest. */
static bool is_of_common_words(const char *text, size_t n)
{
    bool cut[PASSWORD_BYTES_MAX + 1] = {true}; /* cut[i]: the first i bytes can be */

    for (size_t i = 1; i <= n; i++)
        for (size_t word = 0; word < sizeof common_words / sizeof *common_words && !cut[i]; word++)
            cut[i] = ends_with(text, i, common_words[word]) && cut[i - strlen(common_words[word])];
    return cut[n];
}

/* "abcdefghijkl", "987654321098": every byte one more, or one less, than the one before; '0' follows '9'. */
static bool is_staircase(const char *text, size_t n, int step)
{
    for (size_t i = 1; i < n; i++) {
        int difference = text[i] - text[i - 1];
        bool wraps = isdigit((unsigned char)text[i]) && isdigit((unsigned char)text[i - 1]) && difference == -9 * step;

        if (difference != step && !wraps)
            return false;
    }
    return true;
}

static size_t different_bytes(const char *text, size_t n)
{
    bool seen[256] = {false};
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        count += !seen[(unsigned char)text[i]];
        seen[(unsigned char)text[i]] = true;
    }
    return count;
}

static size_t characters(const char *text, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static bool is_common(const char *password, size_t n)
{
    char lower[PASSWORD_BYTES_MAX + 1];
    bool common;

    for (size_t i = 0; i < n; i++)
        lower[i] = (char)tolower((unsigned char)password[i]);
    common = different_bytes(lower, n) < DIFFERENT_CHARACTERS_MIN || is_staircase(lower, n, 1) ||
             is_staircase(lower, n, -1) || is_of_common_words(lower, n);
    explicit_bzero(lower, sizeof lower);
    return common;
}

bool password_acceptable(const char *password, const char **ret_reason)
{
    size_t n = strnlen(password, PASSWORD_BYTES_MAX + 1);

    if (n > PASSWORD_BYTES_MAX)
        *ret_reason = "PASSWORD_TOO_LONG";
    else if (!utf8_is_valid(password, n))
        *ret_reason = "PASSWORD_NOT_TEXT";
    else if (characters(password, n) < PASSWORD_CHARACTERS_MIN)
        *ret_reason = "PASSWORD_TOO_SHORT";
    else if (is_common(password, n))
        *ret_reason = "PASSWORD_TOO_COMMON";
    else
        return true;
    return false;
}
