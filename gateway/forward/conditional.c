#include "conditional.h"

#include <string.h>
#include <time.h>

#include "text.h"

/* ---- Dates ---- */

static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* `count` digits; −1 when there are others. */
static int digits(const char *text, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* Only the form that everybody has to send is understood; older ones are as good as none. */
int64_t http_date_parse(const char *text)
{
    static const char form[] = "???, ?? ??? ???? ??:??:?? GMT";
    struct tm utc = {.tm_isdst = 0};
    int month = 0;

    if (strlen(text) != sizeof form - 1)
        return -1;
    for (size_t i = 0; form[i]; i++)
        if (form[i] != '?' && form[i] != text[i])
            return -1;
    while (month < 12 && strncmp(text + 8, months[month], 3) != 0)
        month++;
    utc.tm_mday = digits(text + 5, 2);
    utc.tm_mon = month;
    utc.tm_year = digits(text + 12, 4) - 1900;
    utc.tm_hour = digits(text + 17, 2);
    utc.tm_min = digits(text + 20, 2);
    utc.tm_sec = digits(text + 23, 2);
    if (month == 12 || utc.tm_mday < 1 || utc.tm_mday > 31 || utc.tm_year < 70 || utc.tm_hour < 0 || utc.tm_hour > 23 ||
        utc.tm_min < 0 || utc.tm_min > 59 || utc.tm_sec < 0 || utc.tm_sec > 60)
        return -1;
    return (int64_t)timegm(&utc);
}

void http_date_text(int64_t seconds, char out[HTTP_DATE_MAX])
{
    time_t moment = (time_t)seconds;
    struct tm utc;

    out[0] = '\0';
    if (gmtime_r(&moment, &utc) && utc.tm_year + 1900 <= 9999) {
        strftime(out, HTTP_DATE_MAX, "DDD, %d MMM %Y %H:%M:%S GMT", &utc);
        memcpy(out, days[utc.tm_wday], 3);
        memcpy(out + 8, months[utc.tm_mon], 3);
    }
}

/* ---- Entity tags ---- */

/* Bytes of the tag that the text begins with; 0 when it begins with none. */
static size_t etag_length(const char *text)
{
    size_t start = strncmp(text, "W/\"", 3) == 0 ? 3 : text[0] == '"' ? 1 : 0, n = start;

    if (start == 0)
        return 0;
    while ((unsigned char)text[n] > ' ' && (unsigned char)text[n] < 0x7f && text[n] != '"')
        n++;
    return text[n] == '"' ? n + 1 : 0;
}

bool etag_is_legal(const char *etag)
{
    return etag_length(etag) > 0 && etag[etag_length(etag)] == '\0';
}

static const char *opaque_part(const char *etag)
{
    return etag[0] == 'W' ? etag + 2 : etag;
}

/* Whether a list of tags has this one, weakly compared. */
static bool names_tag(const char *list, const char *etag)
{
    const char *ours = etag ? opaque_part(etag) : NULL;

    if (strcmp(list, "*") == 0)
        return true;
    while (ours && *list) {
        size_t n;

        list += strspn(list, " \t,");
        n = etag_length(list);
        if (n == 0)
            return false;
        if ((size_t)(list + n - opaque_part(list)) == strlen(ours) &&
            strncmp(opaque_part(list), ours, strlen(ours)) == 0)
            return true;
        list += n;
    }
    return false;
}

/* ---- Ranges ---- */

/* A number without sign; where it ends. NULL when there is none or it is too large. */
static const char *number(const char *text, int64_t *ret)
{
    size_t length = strspn(text, "0123456789");
    char copy[20];

    if (length == 0 || length >= sizeof copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return int64_parse(copy, 0, INT64_MAX, ret) ? text + length : NULL;
}

static body_wish judge_range(const char *range, int64_t size)
{
    const body_wish whole = {WANTS_WHOLE, 0, size - 1}, beyond = {WANTS_BEYOND, 0, 0};
    int64_t first, last = size - 1, count;

    if (strncmp(range, "bytes=", 6) != 0)
        return whole;
    range += 6;
    if (*range == '-') { /* the last so many */
        range = number(range + 1, &count);
        if (!range || *range)
            return whole;
        if (count == 0 || size == 0)
            return beyond;
        return (body_wish){WANTS_PART, count < size ? size - count : 0, size - 1};
    }
    range = number(range, &first);
    if (!range || *range++ != '-')
        return whole;
    if (*range && (!(range = number(range, &last)) || *range || last < first))
        return whole;
    if (first >= size)
        return beyond;
    return (body_wish){WANTS_PART, first, last < size ? last : size - 1};
}

/* If-Range holds by a strong tag or the very date; else the whole is wanted. */
static bool range_holds(const char *if_range, const body_state *body)
{
    if (!if_range)
        return true;
    if (if_range[0] == '"')
        return body->etag && strcmp(body->etag, if_range) == 0;
    return body->modified_s >= 0 && http_date_parse(if_range) == body->modified_s;
}

body_wish conditional_judge(const body_conditions *asked, const body_state *body)
{
    int64_t since;

    if (asked->if_none_match) {
        if (names_tag(asked->if_none_match, body->etag))
            return (body_wish){WANTS_NOTHING, 0, 0};
    } else if (asked->if_modified_since && body->modified_s >= 0) {
        since = http_date_parse(asked->if_modified_since);
        if (since >= 0 && body->modified_s <= since)
            return (body_wish){WANTS_NOTHING, 0, 0};
    }
    if (asked->range && body->size >= 0 && range_holds(asked->if_range, body))
        return judge_range(asked->range, body->size);
    return (body_wish){WANTS_WHOLE, 0, body->size - 1};
}
