#include "password.h"

#include <argon2.h>
#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "hash_line.h"
#include "random.h"
#include "text.h"

enum { SALT_SIZE = 16, HASH_SIZE = 32, BYTES_MIN = 8, BYTES_MAX = 32 };

/* The dearest hash we agree to check, whoever wrote it into the database. */
static const password_cost cost_limit = {1024 * 1024, 16, 16};

const password_cost password_cost_standard = {64 * 1024, 3, 1};

/* ---- The PHC string ---------------------------------------------------------------------------------------------- */

typedef struct {
    password_cost cost;
    uint8_t salt[BYTES_MAX], hash[BYTES_MAX];
    size_t salt_size, hash_size;
} parsed_phc;

static bool cost_within_limit(const password_cost *cost)
{
    return cost->memory_kib <= cost_limit.memory_kib && cost->passes <= cost_limit.passes &&
           cost->lanes <= cost_limit.lanes;
}

/* Only what password_hash writes: the version is Argon2's current one. Returns where the salt begins, NULL when
 * malformed. */
static const char *read_cost(const char *phc, password_cost *ret_cost)
{
    password_cost cost;
    int end = 0;

    if (strnlen(phc, PASSWORD_PHC_SIZE) == PASSWORD_PHC_SIZE ||
        sscanf(phc, "$argon2id$v=19$m=%8u,t=%4u,p=%4u$%n", &cost.memory_kib, &cost.passes, &cost.lanes, &end) != 3 ||
        end == 0)
        return NULL;
    *ret_cost = cost;
    return cost_within_limit(&cost) ? phc + end : NULL;
}

static bool read_bytes(const char *text, size_t length, uint8_t bytes[BYTES_MAX], size_t *ret_size)
{
    long size = base64_decode(text, length, bytes, BYTES_MAX);

    *ret_size = size > 0 ? (size_t)size : 0;
    return size >= BYTES_MIN;
}

static bool read_phc(const char *phc, parsed_phc *ret_parsed)
{
    const char *salt = read_cost(phc, &ret_parsed->cost), *hash = salt ? strchr(salt, '$') : NULL;

    return hash && read_bytes(salt, (size_t)(hash - salt), ret_parsed->salt, &ret_parsed->salt_size) &&
           read_bytes(hash + 1, strlen(hash + 1), ret_parsed->hash, &ret_parsed->hash_size);
}

/* Base64 of the other alphabet, without padding. */
static void write_bytes(const uint8_t *bytes, size_t size, char *ret_text)
{
    base64url_encode(bytes, size, ret_text);
    for (char *c = ret_text; *c; c++)
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
}

static void write_phc(const parsed_phc *parsed, char ret_phc[PASSWORD_PHC_SIZE])
{
    char salt[BASE64URL_LENGTH(BYTES_MAX) + 1], hash[BASE64URL_LENGTH(BYTES_MAX) + 1];

    write_bytes(parsed->salt, parsed->salt_size, salt);
    write_bytes(parsed->hash, parsed->hash_size, hash);
    snprintf(ret_phc, PASSWORD_PHC_SIZE, "$argon2id$v=19$m=%u,t=%u,p=%u$%.24s$%.48s", parsed->cost.memory_kib,
             parsed->cost.passes, parsed->cost.lanes, salt, hash);
}

/* ---- The hash ---------------------------------------------------------------------------------------------------- */

static sp_status pepper_in(const password_policy *policy, const char *password, uint8_t ret_mixed[SHA256_SIZE])
{
    size_t n = strnlen(password, PASSWORD_BYTES_MAX + 1);

    if (n > PASSWORD_BYTES_MAX)
        return PASSWORD_BYTES_TOO_MANY;
    return hmac_sha256(policy->pepper, policy->pepper_size, password, n, ret_mixed);
}

/* What the line runs: the hash of a password, with everything else given. */
typedef struct {
    const parsed_phc *parsed;
    const uint8_t *mixed;
    uint8_t hash[BYTES_MAX];
    int result;
} hash_work;

static int memory_take(uint8_t **ret_memory, size_t size)
{
    *ret_memory = hash_line_memory(size);
    return *ret_memory ? ARGON2_OK : ARGON2_MEMORY_ALLOCATION_ERROR;
}

/* It stays the thread's; Argon2 has wiped it. */
static void memory_leave(uint8_t *memory, size_t size)
{
    (void)memory;
    (void)size;
}

static void hash_compute(void *arg)
{
    hash_work *work = arg;
    const parsed_phc *parsed = work->parsed;
    argon2_context context = {
        .out = work->hash,
        .outlen = (uint32_t)parsed->hash_size,
        .pwd = (uint8_t *)work->mixed,
        .pwdlen = SHA256_SIZE,
        .salt = (uint8_t *)parsed->salt,
        .saltlen = (uint32_t)parsed->salt_size,
        .t_cost = parsed->cost.passes,
        .m_cost = parsed->cost.memory_kib,
        .lanes = parsed->cost.lanes,
        .threads = parsed->cost.lanes,
        .version = ARGON2_VERSION_13,
        .allocate_cbk = memory_take,
        .free_cbk = memory_leave,
        .flags = ARGON2_DEFAULT_FLAGS,
    };

    work->result = argon2_ctx(&context, Argon2_id);
}

/* PASSWORD_HASH_MALFORMED when Argon2 does not take these parameters. */
static sp_status hash_in_turn(const password_policy *policy, const parsed_phc *parsed, const char *password, bool ahead,
                              uint8_t ret_hash[BYTES_MAX])
{
    uint8_t mixed[SHA256_SIZE];
    hash_work work = {.parsed = parsed, .mixed = mixed};
    sp_status status = pepper_in(policy, password, mixed);

    if (sp_failed(status))
        return status;
    if (!hash_line_run(hash_compute, &work, ahead))
        status = PASSWORD_BUSY;
    else if (work.result == ARGON2_MEMORY_ALLOCATION_ERROR)
        status = OUT_OF_MEMORY;
    else if (work.result != ARGON2_OK)
        status = PASSWORD_HASH_MALFORMED;
    explicit_bzero(mixed, sizeof mixed);
    memcpy(ret_hash, work.hash, sizeof work.hash);
    return status;
}

static sp_status hash_anew(const password_policy *policy, const char *password, bool ahead,
                           char ret_phc[PASSWORD_PHC_SIZE])
{
    parsed_phc parsed = {.cost = policy->cost, .salt_size = SALT_SIZE, .hash_size = HASH_SIZE};
    sp_status status = crypto_random(parsed.salt, SALT_SIZE);

    if (!sp_failed(status))
        status = hash_in_turn(policy, &parsed, password, ahead, parsed.hash);
    if (!sp_failed(status))
        write_phc(&parsed, ret_phc);
    return strcmp(status.reason, PASSWORD_HASH_MALFORMED.reason) == 0 ? CRYPTO_FAILED : status;
}

sp_status password_hash(const password_policy *policy, const char *password, char ret_phc[PASSWORD_PHC_SIZE])
{
    return hash_anew(policy, password, /* ahead= */ true, ret_phc);
}

sp_status password_verify(const password_policy *policy, const char *phc, const char *password, bool ahead,
                          bool *ret_matches)
{
    char unused[PASSWORD_PHC_SIZE];
    uint8_t hash[BYTES_MAX];
    parsed_phc parsed;
    sp_status status;

    if (!phc)
        status = hash_anew(policy, password, ahead, unused);
    else if (!read_phc(phc, &parsed))
        status = PASSWORD_HASH_MALFORMED;
    else
        status = hash_in_turn(policy, &parsed, password, ahead, hash);
    if (!sp_failed(status))
        *ret_matches = phc && bytes_equal(hash, parsed.hash, parsed.hash_size);
    return status;
}

bool password_needs_rehash(const password_policy *policy, const char *phc)
{
    password_cost cost;

    return !read_cost(phc, &cost) || cost.memory_kib != policy->cost.memory_kib || cost.passes != policy->cost.passes ||
           cost.lanes != policy->cost.lanes;
}
