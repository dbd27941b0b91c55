#include "api_token.h"

#include <string.h>

#include "context.h"
#include "server_session_sql.h"

enum { PREFIX = sizeof API_TOKEN_PREFIX - 1, TOUCH_MS = 60 * 1000 };

sp_status api_token_new(char ret_text[API_TOKEN_TEXT_SIZE], uint8_t ret_sha256[SHA256_SIZE])
{
    memcpy(ret_text, API_TOKEN_PREFIX, PREFIX);
    return token_new(ret_text + PREFIX, ret_sha256);
}

/* A session's token may begin with the same letters by chance, but it is shorter. */
bool api_token_is_one(const char *bearer)
{
    return strncmp(bearer, API_TOKEN_PREFIX, PREFIX) == 0 && strlen(bearer) == API_TOKEN_TEXT_SIZE - 1;
}

sp_status api_token_look_up(db_tx *tx, const uint8_t sha256[SHA256_SIZE], const char *address, int64_t now_ms,
                            db_rows *ret_rows)
{
    sp_status status = db_query(tx, SQL_SESSION_TOKEN_LOOK_UP, DB_ARGS(db_bytes(sha256, SHA256_SIZE)), ret_rows);

    if (sp_failed(status))
        return status;
    if (ret_rows->count == 0 || now_ms >= db_row_time_ms(ret_rows, 0, 8))
        return SESSION_EXPIRED;
    if (now_ms - db_row_time_ms(ret_rows, 0, 7) >= TOUCH_MS)
        status = db_query(
            tx, SQL_SESSION_TOKEN_TOUCH,
            DB_ARGS(db_bytes(sha256, SHA256_SIZE), db_time(now_ms), db_text(address), db_time(now_ms - TOUCH_MS)),
            NULL);
    return status;
}

sp_status api_token_narrow(const db_rows *rows, arena *a, caller *who)
{
    text_list both = {0};
    sp_status status = db_row_texts(rows, 0, 14, a, &who->token_permissions);

    if (sp_failed(status))
        return status;
    both.texts = arena_array(a, who->token_permissions.count, sizeof *both.texts);
    if (!both.texts)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < who->token_permissions.count; i++)
        if (permission_is_held(who, who->token_permissions.texts[i]))
            both.texts[both.count++] = who->token_permissions.texts[i];
    who->role_permissions = both;
    who->super_admin = who->group_administrator = who->enterprise_administrator = false;
    who->token_id = db_row_int(rows, 0, 12);
    who->token_name = db_row_text(rows, 0, 15);
    return SP_DONE;
}
