#include "http_head.h"

#include <string.h>
#include <strings.h>

#include "text.h"

typedef enum {
    REPEATED_IGNORED, /* the first counts */
    REPEATED_JOINED,  /* a list with commas */
    REPEATED_COOKIES, /* a list with semicolons */
    REPEATED_REFUSED, /* two of them have no meaning, or two */
} repetition;

typedef struct {
    const char *name;
    repetition repeated;
} known_field;

static const known_field known_fields[HTTP_HEADER_COUNT] = {
    [HTTP_ACCEPT] = {"Accept", REPEATED_JOINED},
    [HTTP_ACCEPT_ENCODING] = {"Accept-Encoding", REPEATED_JOINED},
    [HTTP_ACCESS_CONTROL_REQUEST_METHOD] = {"Access-Control-Request-Method", REPEATED_IGNORED},
    [HTTP_AUTHORIZATION] = {"Authorization", REPEATED_REFUSED},
    [HTTP_CONNECTION] = {"Connection", REPEATED_JOINED},
    [HTTP_CONTENT_ENCODING] = {"Content-Encoding", REPEATED_JOINED},
    [HTTP_CONTENT_LENGTH] = {"Content-Length", REPEATED_REFUSED},
    [HTTP_CONTENT_TYPE] = {"Content-Type", REPEATED_REFUSED},
    [HTTP_COOKIE] = {"Cookie", REPEATED_COOKIES},
    [HTTP_EXPECT] = {"Expect", REPEATED_JOINED},
    [HTTP_HOST] = {"Host", REPEATED_REFUSED},
    [HTTP_IF_MODIFIED_SINCE] = {"If-Modified-Since", REPEATED_IGNORED},
    [HTTP_IF_NONE_MATCH] = {"If-None-Match", REPEATED_JOINED},
    [HTTP_IF_RANGE] = {"If-Range", REPEATED_IGNORED},
    [HTTP_LAST_EVENT_ID] = {"Last-Event-ID", REPEATED_IGNORED},
    [HTTP_ORIGIN] = {"Origin", REPEATED_REFUSED},
    [HTTP_RANGE] = {"Range", REPEATED_IGNORED},
    [HTTP_TRACEPARENT] = {"traceparent", REPEATED_IGNORED},
    [HTTP_TRACESTATE] = {"tracestate", REPEATED_JOINED},
    [HTTP_TRANSFER_ENCODING] = {"Transfer-Encoding", REPEATED_JOINED},
    [HTTP_USER_AGENT] = {"User-Agent", REPEATED_IGNORED},
    [HTTP_X_FORWARDED_FOR] = {"X-Forwarded-For", REPEATED_JOINED},
    [HTTP_X_REQUEST_ID] = {"X-Request-Id", REPEATED_IGNORED},
    [HTTP_X_SMARTPASS] = {"X-Smartpass", REPEATED_IGNORED},
};

/* ---- Characters ---- */

/* Of names and methods (RFC 9110, 5.6.2). */
static bool is_token(unsigned char c)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr(others, c));
}

static bool is_in_value(unsigned char c)
{
    return c == '\t' || (c >= ' ' && c != 0x7f);
}

static bool is_in_target(unsigned char c)
{
    return c > ' ' && c < 0x7f && c != '#';
}

static bool all_are(bool (*kind)(unsigned char c), const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!kind((unsigned char)text[i]))
            return false;
    return true;
}

size_t http_head_end(const char *bytes, size_t size, size_t *scanned)
{
    static const char end[] = "\r\n\r\n";
    size_t from = *scanned > 3 ? *scanned - 3 : 0;
    const char *found = size > from ? memmem(bytes + from, size - from, end, 4) : NULL;

    *scanned = size;
    return found ? (size_t)(found - bytes) + 4 : 0;
}

bool http_head_may_begin(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && i <= HTTP_METHOD_MAX; i++) {
        if (i > 0 && bytes[i] == ' ')
            return true;
        if (!is_token((unsigned char)bytes[i]))
            return false;
    }
    return size <= HTTP_METHOD_MAX;
}

/* ---- The request line ---- */

static void set_target(request_head *head, char *target, size_t length)
{
    char *mark = memchr(target, '?', length);

    head->path = target;
    head->path_length = mark ? (size_t)(mark - target) : length;
    head->query = mark ? mark + 1 : target + length;
    head->query_length = mark ? length - head->path_length - 1 : 0;
    target[length] = '\0';
    target[head->path_length] = '\0';
}

/* "/path?query", "*", or with scheme and host in front, which proxies send and origins must take; the host then is
 * that of the Host field as well, or it is not believed. */
static bool parse_target(request_head *head, char *target, size_t length)
{
    size_t scheme = strncasecmp(target, "http://", 7) == 0 ? 7 : strncasecmp(target, "https://", 8) == 0 ? 8 : 0;

    if (!all_are(is_in_target, target, length))
        return false;
    if (scheme > 0 && length > scheme) {
        char *slash = memchr(target + scheme, '/', length - scheme);

        if (!slash || memchr(target, '?', (size_t)(slash - target)))
            return false;
        length -= (size_t)(slash - target);
        target = slash;
    }
    if (target[0] != '/' && !(length == 1 && target[0] == '*'))
        return false;
    set_target(head, target, length);
    return true;
}

static head_outcome parse_version(request_head *head, const char *text, size_t length)
{
    if (length != 8 || memcmp(text, "HTTP/", 5) != 0 || text[6] != '.')
        return HEAD_MALFORMED;
    if (text[5] != '1' || (text[7] != '0' && text[7] != '1'))
        return HEAD_VERSION_UNKNOWN;
    head->http_1_0 = text[7] == '0';
    return HEAD_FINE;
}

static head_outcome parse_request_line(request_head *head, char *line, size_t length, size_t target_max)
{
    char *space = memchr(line, ' ', length), *target, *end = line + length, *second;
    head_outcome outcome;

    if (!space || space == line || space - line > HTTP_METHOD_MAX || !all_are(is_token, line, (size_t)(space - line)))
        return HEAD_MALFORMED;
    target = space + 1;
    second = memchr(target, ' ', (size_t)(end - target));
    if (!second)
        return HEAD_MALFORMED;
    *space = '\0';
    head->method = line;
    outcome = parse_version(head, second + 1, (size_t)(end - second - 1));
    if (outcome != HEAD_FINE)
        return outcome;
    if ((size_t)(second - target) > target_max)
        return HEAD_TARGET_TOO_LONG;
    return second > target && parse_target(head, target, (size_t)(second - target)) ? HEAD_FINE : HEAD_MALFORMED;
}

/* ---- Fields ---- */

static head_outcome keep_field(request_head *head, http_header_id id, const char *value, arena *memory)
{
    const char *before = head->fields[id];

    if (!before) {
        head->fields[id] = value;
        return HEAD_FINE;
    }
    switch (known_fields[id].repeated) {
    case REPEATED_IGNORED:
        return HEAD_FINE;
    case REPEATED_REFUSED:
        return HEAD_MALFORMED;
    case REPEATED_JOINED:
    case REPEATED_COOKIES:
        head->fields[id] =
            arena_printf(memory, known_fields[id].repeated == REPEATED_JOINED ? "%s, %s" : "%s; %s", before, value);
        return head->fields[id] ? HEAD_FINE : HEAD_NO_MEMORY;
    }
    return HEAD_FINE;
}

static head_outcome parse_field(request_head *head, char *line, size_t length, arena *memory)
{
    char *colon = memchr(line, ':', length), *value, *end = line + length;

    if (!colon || colon == line || !all_are(is_token, line, (size_t)(colon - line)))
        return HEAD_MALFORMED;
    value = colon + 1;
    if (!all_are(is_in_value, value, (size_t)(end - value)))
        return HEAD_MALFORMED;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *colon = *end = '\0';
    for (http_header_id id = 0; id < HTTP_HEADER_COUNT; id++)
        if (strcasecmp(line, known_fields[id].name) == 0)
            return keep_field(head, id, value, memory);
    return HEAD_FINE;
}

/* ---- What the fields say about the message itself ---- */

/* Whether a list with commas has a word, whatever its case. */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    while (list && *list) {
        list += strspn(list, " \t,");
        if (strncasecmp(list, word, length) == 0 && (list[length] == '\0' || strchr(" \t,", list[length])))
            return true;
        list += strcspn(list, ",");
    }
    return false;
}

static head_outcome judge_length(request_head *head)
{
    const char *coding = head->fields[HTTP_TRANSFER_ENCODING], *length = head->fields[HTTP_CONTENT_LENGTH];

    if (coding && length)
        return HEAD_LENGTH_AMBIGUOUS;
    if (coding) {
        if (head->http_1_0)
            return HEAD_MALFORMED;
        head->content_length = -1;
        return strcasecmp(coding, "chunked") == 0 ? HEAD_FINE : HEAD_CODING_UNKNOWN;
    }
    if (!length)
        return HEAD_FINE;
    if (strspn(length, "0123456789") != strlen(length) || !int64_parse(length, 0, INT64_MAX, &head->content_length))
        return HEAD_MALFORMED;
    return HEAD_FINE;
}

static head_outcome judge(request_head *head)
{
    const char *connection = head->fields[HTTP_CONNECTION], *expect = head->fields[HTTP_EXPECT];
    head_outcome outcome = judge_length(head);

    head->keep_alive = head->http_1_0 ? has_word(connection, "keep-alive") : !has_word(connection, "close");
    if (outcome != HEAD_FINE)
        return outcome;
    if (!head->fields[HTTP_HOST] && !head->http_1_0)
        return HEAD_MALFORMED;
    if (expect && !head->http_1_0) {
        if (strcasecmp(expect, "100-continue") != 0)
            return HEAD_EXPECTATION_UNKNOWN;
        head->expects_continue = head->content_length != 0;
    }
    return HEAD_FINE;
}

/* The next line's length without its CRLF, which is checked; SIZE_MAX when there is a lone CR or LF. */
static size_t line_length(const char *line, const char *end)
{
    const char *feed = memchr(line, '\n', (size_t)(end - line));

    if (!feed || feed == line || feed[-1] != '\r' || memchr(line, '\r', (size_t)(feed - 1 - line)))
        return SIZE_MAX;
    return (size_t)(feed - 1 - line);
}

head_outcome http_head_parse(char *text, size_t size, size_t target_max, arena *memory, request_head *ret_head)
{
    char *line = text, *end = text + size;
    size_t length = line_length(line, end), fields = 0;
    head_outcome outcome;

    *ret_head = (request_head){.method = "", .path = "", .query = ""};
    if (length == SIZE_MAX)
        return HEAD_MALFORMED;
    outcome = parse_request_line(ret_head, line, length, target_max);
    for (line += length + 2; outcome == HEAD_FINE && line < end; line += length + 2) {
        length = line_length(line, end);
        if (length == SIZE_MAX)
            return HEAD_MALFORMED;
        if (length == 0)
            break;
        if (++fields > HTTP_FIELDS_MAX)
            return HEAD_TOO_LARGE;
        outcome = parse_field(ret_head, line, length, memory);
    }
    return outcome == HEAD_FINE ? judge(ret_head) : outcome;
}
