/* What each SQLSTATE means to a caller. The first row whose code begins the state is the answer. */
#include <string.h>

#include "connection.h"

static const struct {
    const char *prefix;
    sp_status status;
} TABLE[] = {
    {"08", {SP_UNAVAILABLE, "DB_UNAVAILABLE", "The database cannot be reached at the moment."}},
    {"22", {SP_INVALID_ARGUMENT, "DB_VALUE_REFUSED", "The database refused a value."}},
    {"23503",
     {SP_FAILED_PRECONDITION, "DB_REFERENCED", "Another row refers to this one, or the one referred to is missing."}},
    {"23505", {SP_ALREADY_EXISTS, "DB_DUPLICATE", "A row with this key exists already."}},
    {"23", {SP_INVALID_ARGUMENT, "DB_VALUE_REFUSED", "The database refused a value."}},
    {"40", {SP_ABORTED, "DB_CONFLICT", "Another change came between; try again."}},
    {"53", {SP_UNAVAILABLE, "DB_UNAVAILABLE", "The database cannot be reached at the moment."}},
    {"55P03", {SP_ABORTED, "DB_CONFLICT", "Another change came between; try again."}},
    {"57014", {SP_DEADLINE_EXCEEDED, "DB_TOO_SLOW", "The query took longer than a statement may."}},
    {"57P", {SP_UNAVAILABLE, "DB_UNAVAILABLE", "The database cannot be reached at the moment."}},
    {"25006", {SP_UNAVAILABLE, "DB_UNAVAILABLE", "The database cannot be reached at the moment."}},
    {"", {SP_INTERNAL, "DB_BROKEN", "The database answered with an unexpected error."}},
};

sp_status db_status_from_sqlstate(const char *sqlstate)
{
    size_t i = 0;

    if (!sqlstate || !*sqlstate)
        return DB_UNAVAILABLE;
    while (strncmp(sqlstate, TABLE[i].prefix, strlen(TABLE[i].prefix)) != 0)
        i++;
    return TABLE[i].status;
}
