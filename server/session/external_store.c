#include "external_store.h"

#include <string.h>

#include "seal.h"
#include "server_session_sql.h"

enum { UNDER_WAY_MAX = 20000, UNDER_WAY_OF_ADDRESS = 100, WITHIN_MS = 10 * 60 * 1000 };

/* What the sealed secret is bound to, so that nothing else that the same key seals can take its place. */
static const char PLACE[] = "identity_provider client_secret";

static sp_status system_begin(rpc_call *call, db_tx **ret_tx)
{
    return db_begin(context_of(call)->sessions->options.system, 0, rpc_call_arena(call), ret_tx);
}

/* ---- The provider ------------------------------------------------------------------------------------------------ */

static sp_status secret_open(const session_options *options, const db_rows *rows, arena *a, const char **ret_secret)
{
    size_t size;
    const uint8_t *sealed = db_row_bytes(rows, 0, 1, &size);
    char *secret;

    *ret_secret = "";
    if (db_row_is_null(rows, 0, 1))
        return SP_DONE;
    if (size < SEAL_OVERHEAD)
        return SEAL_BROKEN;
    secret = arena_alloc(a, size - SEAL_OVERHEAD + 1);
    if (!secret)
        return OUT_OF_MEMORY;
    *ret_secret = secret;
    return seal_open(options->master_key, PLACE, sizeof PLACE - 1, sealed, size, (uint8_t *)secret);
}

static sp_status provider_from_rows(const session_options *options, const db_rows *rows, arena *a,
                                    stored_provider *ret_provider)
{
    size_t size;
    const uint8_t *packed;

    if (rows->count == 0) {
        IdentityProvider *none = arena_alloc(a, sizeof *none);

        if (!none)
            return OUT_OF_MEMORY;
        *none = (IdentityProvider)IDENTITY_PROVIDER_INIT;
        *ret_provider = (stored_provider){none, ""};
        return SP_DONE;
    }
    packed = db_row_bytes(rows, 0, 0, &size);
    ret_provider->message =
        (IdentityProvider *)rpc_unpack(&smartpass__v1__identity_provider__descriptor, a, packed, size);
    return ret_provider->message ? secret_open(options, rows, a, &ret_provider->secret) : OUT_OF_MEMORY;
}

sp_status external_provider_get(rpc_call *call, stored_provider *ret_provider)
{
    db_rows rows;
    db_tx *tx;
    sp_status status = system_begin(call, &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_EXTERNAL_PROVIDER_GET, DB_NO_ARGS, &rows);
    if (!sp_failed(status))
        status = provider_from_rows(&context_of(call)->sessions->options, &rows, rpc_call_arena(call), ret_provider);
    return db_end(tx, status);
}

static sp_status secret_seal(const session_options *options, const char *secret, arena *a, db_arg *ret_arg)
{
    size_t size = strlen(secret);
    uint8_t *sealed = arena_alloc(a, size + SEAL_OVERHEAD);
    sp_status status = sealed ? SP_DONE : OUT_OF_MEMORY;

    *ret_arg = db_null();
    if (size == 0 || sp_failed(status))
        return status;
    status = seal_bytes(options->master_key, PLACE, sizeof PLACE - 1, secret, size, sealed);
    *ret_arg = db_bytes(sealed, size + SEAL_OVERHEAD);
    return status;
}

sp_status external_provider_set(rpc_call *call, const stored_provider *provider)
{
    arena *a = rpc_call_arena(call);
    size_t size = protobuf_c_message_get_packed_size(&provider->message->base);
    uint8_t *packed = arena_alloc(a, size);
    db_arg secret;
    db_tx *tx;
    sp_status status =
        packed ? secret_seal(&context_of(call)->sessions->options, provider->secret, a, &secret) : OUT_OF_MEMORY;

    if (!sp_failed(status))
        status = system_begin(call, &tx);
    if (sp_failed(status))
        return status;
    protobuf_c_message_pack(&provider->message->base, packed);
    return db_end(tx, db_query(tx, SQL_EXTERNAL_PROVIDER_SET, DB_ARGS(db_bytes(packed, size), secret), NULL));
}

sp_status external_place_get(db_tx *tx, const IdentityMapping *mapping, known_place *ret_known)
{
    db_rows rows;
    sp_status status = db_query(
        tx, SQL_EXTERNAL_PLACE_GET,
        DB_ARGS(db_int64(mapping->enterprise_id), db_int64(mapping->group_id), db_int64(mapping->role_id)), &rows);

    if (!sp_failed(status))
        *ret_known = (known_place){db_row_bool(&rows, 0, 0), db_row_bool(&rows, 0, 1), db_row_bool(&rows, 0, 2)};
    return status;
}

/* ---- Sign-ins under way ------------------------------------------------------------------------------------------ */

static sp_status room_check(rpc_call *call, db_tx *tx)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_EXTERNAL_LOGINS_SWEEP, DB_ARGS(db_time(call_now_ms(call))), NULL);

    if (!sp_failed(status))
        status = db_query(tx, SQL_EXTERNAL_LOGINS_COUNT, DB_ARGS(db_text(call_caller(call)->address)), &rows);
    if (sp_failed(status))
        return status;
    if (db_row_int(&rows, 0, 0) >= UNDER_WAY_MAX || db_row_int(&rows, 0, 1) >= UNDER_WAY_OF_ADDRESS)
        return TOO_MANY_SIGN_INS;
    return SP_DONE;
}

sp_status external_attempt_add(rpc_call *call, const external_attempt *attempt)
{
    db_tx *tx;
    sp_status status = system_begin(call, &tx);

    if (sp_failed(status))
        return status;
    status = room_check(call, tx);
    if (!sp_failed(status))
        status = db_query(tx, SQL_EXTERNAL_LOGIN_ADD,
                          DB_ARGS(db_bytes(attempt->state_sha256, SHA256_SIZE),
                                  db_bytes(attempt->binding_sha256, SHA256_SIZE), db_text(attempt->nonce),
                                  db_text(attempt->verifier), db_text(attempt->redirect_uri),
                                  db_text(call_caller(call)->address), db_time(call_now_ms(call) + WITHIN_MS)),
                          NULL);
    return db_end(tx, status);
}

sp_status external_attempt_take(rpc_call *call, const uint8_t state_sha256[SHA256_SIZE],
                                const uint8_t binding_sha256[SHA256_SIZE], external_attempt *ret_attempt)
{
    const uint8_t *binding;
    size_t size;
    db_rows rows;
    db_tx *tx;
    sp_status status = system_begin(call, &tx);

    if (sp_failed(status))
        return status;
    status = db_end(tx, db_query(tx, SQL_EXTERNAL_LOGIN_TAKE, DB_ARGS(db_bytes(state_sha256, SHA256_SIZE)), &rows));
    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return EXTERNAL_LOGIN_UNKNOWN;
    binding = db_row_bytes(&rows, 0, 0, &size);
    if (size != SHA256_SIZE || !bytes_equal(binding, binding_sha256, SHA256_SIZE) ||
        db_row_time_ms(&rows, 0, 4) < call_now_ms(call))
        return EXTERNAL_LOGIN_UNKNOWN;
    *ret_attempt = (external_attempt){
        .nonce = db_row_text(&rows, 0, 1),
        .verifier = db_row_text(&rows, 0, 2),
        .redirect_uri = db_row_text(&rows, 0, 3),
    };
    return SP_DONE;
}
