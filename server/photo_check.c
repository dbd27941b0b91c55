#include "photo_check.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

enum { DETAIL = 512, WAIT_MS = 15000 };

static worker_pool *workers;

/* The folder of this program, where its worker lies too. */
static void program_folder(char folder[PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    char *slash;

    folder[n > 0 ? n : 0] = '\0';
    slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
}

/* Where an installation keeps them, else where a build does. */
static void find_weights(const char *folder, char *weights, size_t size)
{
    snprintf(weights, size, "%s/../share/smartpass/face.weights", folder);
    if (access(weights, R_OK) != 0)
        snprintf(weights, size, "%s/../share/face.weights", folder);
}

sp_status photo_check_start(const server_config *config, char *detail)
{
    char folder[PATH_MAX], program[PATH_MAX + 32], weights[PATH_MAX + 64];
    sp_status status;

    program_folder(folder);
    snprintf(program, sizeof program, "%s/smartpass-worker", folder);
    find_weights(folder, weights, sizeof weights);
    workers = worker_pool_new(&(worker_options){
        .program = program,
        .weights = config->worker_weights ? config->worker_weights : weights,
        .processes = (int)config->worker_processes,
    });
    if (!workers)
        return OUT_OF_MEMORY;
    status = worker_pool_start(workers);
    if (sp_failed(status)) {
        snprintf(detail, DETAIL, "%.200s with %.200s", program,
                 config->worker_weights ? config->worker_weights : weights);
        photo_check_stop();
    }
    return status;
}

void photo_check_stop(void)
{
    worker_pool_free(workers);
    workers = NULL;
}

struct worker_pool *photo_check_workers(void)
{
    return workers;
}

/* What the worker has to say, whichever it was asked; a picture that was only drawn anew has neither thumbnail nor
 * template. */
static sp_status answer(sp_status status, const photo_result *result, photo_facts *ret_facts,
                        photo_refusal *ret_refusal)
{
    if (sp_failed(status))
        return status;
    if (result->verdict != PHOTO_OK) {
        *ret_refusal = (photo_refusal){photo_verdict_reason(result->verdict), photo_verdict_sentence(result->verdict)};
        return SP_DONE;
    }
    *ret_facts = (photo_facts){
        .photo = result->photo,
        .photo_size = result->photo_size,
        .thumbnail = result->thumbnail,
        .thumbnail_size = result->thumbnail_size,
        .face_template = result->template_bytes,
        .face_template_size = sizeof result->template_bytes,
        .engine = result->engine,
        .width = result->width,
        .height = result->height,
    };
    return SP_DONE;
}

sp_status photo_check_run(void *arg, arena *a, const uint8_t *bytes, size_t size, photo_facts *ret_facts,
                          photo_refusal *ret_refusal)
{
    photo_result *result = arena_alloc(a, sizeof *result);

    (void)arg;
    if (!result)
        return OUT_OF_MEMORY;
    return answer(worker_check_photo(workers, a, bytes, size, WAIT_MS, result), result, ret_facts, ret_refusal);
}

sp_status photo_check_picture(void *arg, arena *a, const uint8_t *bytes, size_t size, photo_facts *ret_facts,
                              photo_refusal *ret_refusal)
{
    photo_result *result = arena_alloc(a, sizeof *result);

    (void)arg;
    if (!result)
        return OUT_OF_MEMORY;
    return answer(worker_check_picture(workers, a, bytes, size, WAIT_MS, result), result, ret_facts, ret_refusal);
}
