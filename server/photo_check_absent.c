/* For builds without the face engine: every photo is refused, everything else works. */
#include "photo_check.h"

SP_STATUS(PHOTO_CHECK_ABSENT, SP_UNIMPLEMENTED, "This server was built without the face engine.");

sp_status photo_check_start(const server_config *config, char *detail)
{
    (void)config;
    (void)detail;
    return SP_DONE;
}

void photo_check_stop(void)
{
}

sp_status photo_check_run(void *arg, arena *a, const uint8_t *bytes, size_t size, photo_facts *ret_facts,
                          photo_refusal *ret_refusal)
{
    (void)arg;
    (void)a;
    (void)bytes;
    (void)size;
    (void)ret_facts;
    (void)ret_refusal;
    return PHOTO_CHECK_ABSENT;
}
