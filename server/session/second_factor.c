#include "second_factor.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "context.h"
#include "random.h"
#include "seal.h"
#include "server_session_sql.h"

enum {
    SEALED_SECRET_SIZE = TOTP_SECRET_SIZE + SEAL_OVERHEAD,
    PLACE_ROOM = 64,
    RECOVERY_LETTERS = 12, /* of 5 bits each */
    RECOVERY_BYTES = 8,    /* that these letters are made of; the last letter is cut off */
};

/* ---- The secret -------------------------------------------------------------------------------------------------- */

/* What a sealed secret is bound to, so that rows cannot be swapped. */
static size_t place_of(char place[PLACE_ROOM], int64_t enterprise_id, int64_t user_id)
{
    return (size_t)snprintf(place, PLACE_ROOM, "second factor %lld %lld", (long long)enterprise_id, (long long)user_id);
}

static sp_status secret_seal(const session_options *options, const caller *who, const uint8_t *secret, uint8_t *sealed)
{
    char place[PLACE_ROOM];
    size_t size = place_of(place, who->enterprise_id, who->user_id);

    return seal_bytes(options->master_key, place, size, secret, TOTP_SECRET_SIZE, sealed);
}

static sp_status secret_open(const session_options *options, int64_t enterprise_id, int64_t user_id,
                             const uint8_t *sealed, size_t sealed_size, uint8_t secret[TOTP_SECRET_SIZE])
{
    char place[PLACE_ROOM];
    size_t size = place_of(place, enterprise_id, user_id);

    if (sealed_size != SEALED_SECRET_SIZE)
        return SEAL_BROKEN;
    return seal_open(options->master_key, place, size, sealed, sealed_size, secret);
}

sp_status second_factor_start(rpc_call *call, char ret_secret[SECOND_FACTOR_SECRET_TEXT])
{
    const caller *who = call_caller(call);
    uint8_t secret[TOTP_SECRET_SIZE], sealed[SEALED_SECRET_SIZE];
    db_rows rows;
    db_tx *tx;
    sp_status status = crypto_random(secret, sizeof secret);

    if (!sp_failed(status)) {
        base32_encode(secret, sizeof secret, ret_secret);
        status = secret_seal(&context_of(call)->sessions->options, who, secret, sealed);
    }
    explicit_bzero(secret, sizeof secret);
    if (!sp_failed(status))
        status = call_tx(call, &tx);
    if (!sp_failed(status))
        status = db_query(
            tx, SQL_SECOND_FACTOR_START,
            DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_bytes(sealed, sizeof sealed)), &rows);
    if (sp_failed(status))
        return status;
    return rows.affected == 1 ? SP_DONE : SECOND_FACTOR_EXISTS;
}

/* ---- Recovery codes ---------------------------------------------------------------------------------------------- */

/* As they are typed: with blanks and hyphens or without, in any case. False when it cannot be one. */
static bool letters_of(const char *code, char letters[RECOVERY_LETTERS + 1])
{
    size_t n = 0;

    for (; *code; code++) {
        if (*code == '-' || *code == ' ')
            continue;
        if (n == RECOVERY_LETTERS || !isalnum((unsigned char)*code))
            return false;
        letters[n++] = (char)toupper((unsigned char)*code);
    }
    letters[n] = '\0';
    return n == RECOVERY_LETTERS;
}

/* Keyed with what the database does not hold, because sixty bits alone could be found by trying. */
static sp_status mac_of(const session_options *options, int64_t user_id, const char *letters,
                        uint8_t ret_mac[SHA256_SIZE])
{
    char text[64];
    int n = snprintf(text, sizeof text, "recovery code %lld %s", (long long)user_id, letters);

    return hmac_sha256(options->passwords.pepper, options->passwords.pepper_size, text, (size_t)n, ret_mac);
}

static sp_status code_new(rpc_call *call, char **ret_code, db_column *macs)
{
    char letters[BASE32_LENGTH(RECOVERY_BYTES) + 1];
    uint8_t bytes[RECOVERY_BYTES], mac[SHA256_SIZE];
    sp_status status = crypto_random(bytes, sizeof bytes);

    if (sp_failed(status))
        return status;
    base32_encode(bytes, sizeof bytes, letters);
    letters[RECOVERY_LETTERS] = '\0';
    status = mac_of(&context_of(call)->sessions->options, call_caller(call)->user_id, letters, mac);
    if (sp_failed(status))
        return status;
    db_column_bytes(macs, mac, sizeof mac);
    for (char *c = letters; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    *ret_code = arena_printf(rpc_call_arena(call), "%.4s-%.4s-%.4s", letters, letters + 4, letters + 8);
    explicit_bzero(letters, sizeof letters);
    return *ret_code ? SP_DONE : OUT_OF_MEMORY;
}

static sp_status codes_add(rpc_call *call, db_tx *tx, char **codes)
{
    const caller *who = call_caller(call);
    db_column macs;
    sp_status status = db_query(tx, SQL_SECOND_FACTOR_CODES_REMOVE,
                                DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id)), NULL);

    db_column_init(&macs, db_tx_arena(tx), DB_COLUMN_BYTES);
    for (int i = 0; !sp_failed(status) && i < RECOVERY_CODES; i++)
        status = code_new(call, &codes[i], &macs);
    if (sp_failed(status))
        return status;
    return db_query(tx, SQL_SECOND_FACTOR_CODES_ADD,
                    DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_column_arg(&macs)), NULL);
}

/* ---- The first code ---------------------------------------------------------------------------------------------- */

/* The step of the code, and the sealed secret that it was of. */
static sp_status first_code_check(rpc_call *call, db_tx *tx, const char *code, db_arg *ret_sealed, int64_t *ret_step)
{
    const caller *who = call_caller(call);
    uint8_t secret[TOTP_SECRET_SIZE];
    const uint8_t *sealed;
    size_t size;
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_SECOND_FACTOR_GET, DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0 || db_row_is_null(&rows, 0, 0) || db_row_bool(&rows, 0, 1))
        return SECOND_FACTOR_NOT_STARTED;
    sealed = db_row_bytes(&rows, 0, 0, &size);
    *ret_sealed = db_bytes(sealed, size);
    status = secret_open(&context_of(call)->sessions->options, who->enterprise_id, who->user_id, sealed, size, secret);
    if (!sp_failed(status))
        status = totp_find(secret, code, call_now_ms(call), 0, ret_step);
    explicit_bzero(secret, sizeof secret);
    return sp_failed(status) || *ret_step != 0 ? status : SECOND_FACTOR_WRONG;
}

sp_status second_factor_finish(rpc_call *call, const char *code, char ***ret_codes)
{
    const caller *who = call_caller(call);
    char **codes = arena_array(rpc_call_arena(call), RECOVERY_CODES, sizeof *codes);
    int64_t step = 0;
    db_arg sealed;
    db_rows rows;
    db_tx *tx;
    sp_status status = codes ? call_tx(call, &tx) : OUT_OF_MEMORY;

    if (!sp_failed(status))
        status = first_code_check(call, tx, code, &sealed, &step);
    if (!sp_failed(status))
        status = db_query(tx, SQL_SECOND_FACTOR_CONFIRM,
                          DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_time(call_now_ms(call)),
                                  db_int64(step), sealed),
                          &rows);
    if (sp_failed(status))
        return status;
    if (rows.affected != 1)
        return DB_CONFLICT;
    *ret_codes = codes;
    return codes_add(call, tx, codes);
}

sp_status second_factor_remove(db_tx *tx, int64_t enterprise_id, int64_t user_id)
{
    sp_status status =
        db_query(tx, SQL_SECOND_FACTOR_REMOVE, DB_ARGS(db_int64(enterprise_id), db_int64(user_id)), NULL);

    if (sp_failed(status))
        return status;
    return db_query(tx, SQL_SECOND_FACTOR_CODES_REMOVE, DB_ARGS(db_int64(enterprise_id), db_int64(user_id)), NULL);
}

/* ---- Signing in -------------------------------------------------------------------------------------------------- */

static sp_status recovery_code_take(const session_options *options, db_tx *tx, const login_account *who,
                                    const char *code, bool *ret_fits)
{
    char letters[RECOVERY_LETTERS + 1];
    uint8_t mac[SHA256_SIZE];
    db_rows rows;
    sp_status status;

    if (!letters_of(code, letters))
        return SP_DONE;
    status = mac_of(options, who->user_id, letters, mac);
    if (!sp_failed(status))
        status =
            db_query(tx, SQL_SECOND_FACTOR_CODE_TAKE,
                     DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_bytes(mac, sizeof mac)), &rows);
    *ret_fits = !sp_failed(status) && rows.affected == 1;
    return status;
}

sp_status second_factor_take(const session_options *options, db_tx *tx, const login_account *who, const char *code,
                             int64_t now_ms, bool *ret_fits)
{
    uint8_t secret[TOTP_SECRET_SIZE];
    int64_t step = 0;
    db_rows rows;
    sp_status status =
        secret_open(options, who->enterprise_id, who->user_id, who->totp_sealed, who->totp_sealed_size, secret);

    *ret_fits = false;
    if (!sp_failed(status))
        status = totp_find(secret, code, now_ms, who->totp_last_step, &step);
    explicit_bzero(secret, sizeof secret);
    if (!sp_failed(status) && step == 0)
        return recovery_code_take(options, tx, who, code, ret_fits);
    if (!sp_failed(status))
        status = db_query(tx, SQL_SECOND_FACTOR_STEP_TAKE,
                          DB_ARGS(db_int64(who->enterprise_id), db_int64(who->user_id), db_int64(step)), &rows);
    *ret_fits = !sp_failed(status) && rows.affected == 1;
    return status;
}
