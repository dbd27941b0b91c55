/* Times on the command line. */
#include "times.h"

#include <stdio.h>
#include <time.h>

void time_text(const Google__Protobuf__Timestamp *t, char ret_text[TIME_TEXT_SIZE])
{
    struct tm parts;
    time_t seconds = t ? (time_t)t->seconds : 0;

    if (!t || !gmtime_r(&seconds, &parts) || strftime(ret_text, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        snprintf(ret_text, TIME_TEXT_SIZE, "-");
}

bool time_parse(const char *text, Google__Protobuf__Timestamp *ret_time)
{
    struct tm parts = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts);

    if (!end || *end)
        return false;
    ret_time->seconds = timegm(&parts);
    ret_time->nanos = 0;
    return true;
}
