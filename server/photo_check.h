/* Looking at uploaded pictures: the workers, as the people domain asks for it (people_check_photo). One set a process.
 */
#pragma once

#include "people.h"
#include "server_config.h"

/* Starts the worker processes. detail gets 512 bytes and says more after a failure. */
sp_status photo_check_start(const server_config *config, char *detail) SP_MUST_USE;
void photo_check_stop(void);

/* What was started, for whoever else gives it work. */
struct worker_pool *photo_check_workers(void);

sp_status photo_check_run(void *arg, arena *a, const uint8_t *bytes, size_t size, photo_facts *ret_facts,
                          photo_refusal *ret_refusal);

/* Any other picture: of the facts only photo and its size in bytes and pixels are set. */
sp_status photo_check_picture(void *arg, arena *a, const uint8_t *bytes, size_t size, photo_facts *ret_facts,
                              photo_refusal *ret_refusal);
