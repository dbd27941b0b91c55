#include "cors.h"

#include <string.h>
#include <strings.h>

const char cors_request_headers[] = "Accept, Authorization, Content-Type, If-Modified-Since, If-None-Match, If-Range, "
                                    "Last-Event-ID, Range, traceparent, tracestate, X-Request-Id, X-Smartpass";

static bool allows_all(const cors_rules *rules)
{
    return rules->origins && strcmp(rules->origins, "*") == 0;
}

/* scheme://host[:port], nothing behind. */
static bool is_origin(const char *text, size_t length)
{
    size_t scheme = strncmp(text, "https://", 8) == 0 ? 8 : strncmp(text, "http://", 7) == 0 ? 7 : 0;

    return scheme > 0 && length > scheme && !memchr(text + scheme, '/', length - scheme) && !memchr(text, '*', length);
}

/* The next of the list; NULL at its end. */
static const char *next_origin(const char *list, size_t *ret_length)
{
    list += strspn(list, ", ");
    *ret_length = strcspn(list, ", ");
    return *ret_length > 0 ? list : NULL;
}

const char *cors_check(const cors_rules *rules)
{
    const char *one = rules->origins;
    size_t length;

    if (!rules->origins)
        return NULL;
    if (allows_all(rules))
        return rules->credentials ? "cors.credentials needs a list of origins in cors.origins, not \"*\"" : NULL;
    while ((one = next_origin(one, &length)) != NULL) {
        if (!is_origin(one, length))
            return "cors.origins is \"*\" or a list like \"https://a.example, https://b.example:8443\"";
        one += length;
    }
    return NULL;
}

bool cors_allows(const cors_rules *rules, const char *origin)
{
    const char *one = rules->origins;
    size_t length;

    if (!one || !origin)
        return false;
    if (allows_all(rules))
        return true;
    while ((one = next_origin(one, &length)) != NULL) {
        if (strlen(origin) == length && strncasecmp(one, origin, length) == 0)
            return true;
        one += length;
    }
    return false;
}

size_t cors_fields(const cors_rules *rules, const char *origin, http_field *fields)
{
    size_t count = 0;

    fields[count++] = (http_field){"Access-Control-Allow-Origin", allows_all(rules) ? "*" : origin};
    if (rules->credentials)
        fields[count++] = (http_field){"Access-Control-Allow-Credentials", "true"};
    fields[count++] = (http_field){"Access-Control-Expose-Headers",
                                   "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, "
                                   "Last-Modified, Retry-After, X-Request-Id"};
    fields[count++] = (http_field){"Cross-Origin-Resource-Policy", "cross-origin"};
    return count;
}
