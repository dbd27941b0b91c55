#include "password.h"

#include <argon2.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hash.h"
#include "random.h"

enum { SALT_SIZE = 16, HASH_SIZE = 32, AT_ONCE = 2, WAIT_SECONDS = 10 };

/* The dearest hash we agree to check, whoever wrote it into the database. */
static const password_cost cost_limit = {1024 * 1024, 16, 16};

const password_cost password_cost_standard = {64 * 1024, 3, 1};

static sem_t places;
static pthread_once_t places_made = PTHREAD_ONCE_INIT;

static void make_places(void)
{
    sem_init(&places, /* between processes= */ 0, AT_ONCE);
}

static bool enter(void)
{
    struct timespec until;

    pthread_once(&places_made, make_places);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_SECONDS;
    return TEMP_FAILURE_RETRY(sem_clockwait(&places, CLOCK_MONOTONIC, &until)) == 0;
}

static void leave(void)
{
    sem_post(&places);
}

static bool cost_within_limit(const password_cost *cost)
{
    return cost->memory_kib <= cost_limit.memory_kib && cost->passes <= cost_limit.passes &&
           cost->lanes <= cost_limit.lanes;
}

/* Only what password_hash writes: the version is Argon2's current one. */
static bool read_cost(const char *phc, password_cost *ret_cost)
{
    password_cost cost;
    int end = 0;

    if (strnlen(phc, PASSWORD_PHC_SIZE) == PASSWORD_PHC_SIZE ||
        sscanf(phc, "$argon2id$v=19$m=%8u,t=%4u,p=%4u$%n", &cost.memory_kib, &cost.passes, &cost.lanes, &end) != 3 ||
        end == 0)
        return false;
    *ret_cost = cost;
    return cost_within_limit(&cost);
}

static sp_status pepper_in(const password_policy *policy, const char *password, uint8_t ret_mixed[SHA256_SIZE])
{
    size_t n = strnlen(password, PASSWORD_BYTES_MAX + 1);

    if (n > PASSWORD_BYTES_MAX)
        return PASSWORD_BYTES_TOO_MANY;
    return hmac_sha256(policy->pepper, policy->pepper_size, password, n, ret_mixed);
}

static sp_status argon2_status(int result)
{
    if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
        return OUT_OF_MEMORY;
    return result == ARGON2_OK ? SP_DONE : CRYPTO_FAILED;
}

static sp_status hash_in_turn(const password_cost *cost, const uint8_t mixed[SHA256_SIZE],
                              char ret_phc[PASSWORD_PHC_SIZE])
{
    uint8_t salt[SALT_SIZE];
    sp_status status = crypto_random(salt, sizeof salt);

    if (sp_failed(status))
        return status;
    if (!enter())
        return PASSWORD_BUSY;
    status = argon2_status(argon2id_hash_encoded(cost->passes, cost->memory_kib, cost->lanes, mixed, SHA256_SIZE, salt,
                                                 sizeof salt, HASH_SIZE, ret_phc, PASSWORD_PHC_SIZE));
    leave();
    return status;
}

sp_status password_hash(const password_policy *policy, const char *password, char ret_phc[PASSWORD_PHC_SIZE])
{
    uint8_t mixed[SHA256_SIZE];
    sp_status status = pepper_in(policy, password, mixed);

    if (sp_failed(status))
        return status;
    status = hash_in_turn(&policy->cost, mixed, ret_phc);
    explicit_bzero(mixed, sizeof mixed);
    return status;
}

static sp_status pretend_to_verify(const password_policy *policy, const char *password, bool *ret_matches)
{
    char unused[PASSWORD_PHC_SIZE];
    sp_status status = password_hash(policy, password, unused);

    if (!sp_failed(status))
        *ret_matches = false;
    return status;
}

static sp_status verify_in_turn(const char *phc, const uint8_t mixed[SHA256_SIZE], bool *ret_matches)
{
    int result;

    if (!enter())
        return PASSWORD_BUSY;
    result = argon2id_verify(phc, mixed, SHA256_SIZE);
    leave();
    if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
        return OUT_OF_MEMORY;
    if (result != ARGON2_OK && result != ARGON2_VERIFY_MISMATCH)
        return PASSWORD_HASH_MALFORMED;
    *ret_matches = result == ARGON2_OK;
    return SP_DONE;
}

sp_status password_verify(const password_policy *policy, const char *phc, const char *password, bool *ret_matches)
{
    uint8_t mixed[SHA256_SIZE];
    password_cost cost;
    sp_status status;

    if (!phc)
        return pretend_to_verify(policy, password, ret_matches);
    if (!read_cost(phc, &cost))
        return PASSWORD_HASH_MALFORMED;
    status = pepper_in(policy, password, mixed);
    if (sp_failed(status))
        return status;
    status = verify_in_turn(phc, mixed, ret_matches);
    explicit_bzero(mixed, sizeof mixed);
    return status;
}

bool password_needs_rehash(const password_policy *policy, const char *phc)
{
    password_cost cost;

    return !read_cost(phc, &cost) || cost.memory_kib != policy->cost.memory_kib || cost.passes != policy->cost.passes ||
           cost.lanes != policy->cost.lanes;
}
