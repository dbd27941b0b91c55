#include "worker_photo.h"

#include <string.h>

static bool box_is_inside(const worker_answer *a)
{
    return a->face_x >= 0 && a->face_y >= 0 && a->face_width >= 0 && a->face_height >= 0 && a->face_x <= a->width &&
           a->face_y <= a->height && a->face_width <= a->width - a->face_x && a->face_height <= a->height - a->face_y;
}

/* A worker that a picture took over may answer anything. */
static bool answer_is_plausible(const worker_answer *a, worker_photo_kind kind)
{
    if (a->outcome == WORKER_OUT_OF_MEMORY)
        return true;
    if (a->outcome != WORKER_EXAMINED || a->verdict >= PHOTO_VERDICTS || !memchr(a->engine, 0, sizeof a->engine))
        return false;
    if (a->verdict != PHOTO_OK)
        return a->photo_size == 0 && a->thumbnail_size == 0;
    return a->photo_size > 0 && a->photo_size <= WORKER_PHOTO_MAX &&
           (a->thumbnail_size > 0) == (kind == WORKER_PHOTO) && a->thumbnail_size <= WORKER_THUMBNAIL_MAX &&
           a->width > 0 && a->height > 0 && a->width <= UINT16_MAX && a->height <= UINT16_MAX && box_is_inside(a);
}

static sp_status receive_pictures(const worker_process *process, arena *a, const worker_answer *answer,
                                  int64_t deadline_ms, photo_result *result)
{
    /* What is small first and both pictures as one: an arena's next block would be twice the last one, for little. */
    const char *engine = arena_text(a, answer->engine);
    size_t size = (size_t)answer->photo_size + answer->thumbnail_size;
    uint8_t *pictures = arena_alloc(a, size);

    if (!pictures || !engine)
        return PHOTO_CHECK_NO_MEMORY;

    sp_status status = worker_process_receive(process, pictures, size, deadline_ms);
    result->photo = pictures;
    result->photo_size = answer->photo_size;
    result->width = answer->width;
    result->height = answer->height;
    result->thumbnail = pictures + answer->photo_size;
    result->thumbnail_size = answer->thumbnail_size;
    result->face_x = answer->face_x;
    result->face_y = answer->face_y;
    result->face_width = answer->face_width;
    result->face_height = answer->face_height;
    result->engine = engine;
    memcpy(result->template_bytes, answer->template_bytes, sizeof result->template_bytes);
    return status;
}

static sp_status hear(const worker_process *process, arena *a, worker_photo_kind kind, int64_t deadline_ms,
                      photo_result *ret_result)
{
    worker_answer answer;
    sp_status status = worker_process_receive(process, &answer, sizeof answer, deadline_ms);

    if (sp_failed(status))
        return status;
    if (!answer_is_plausible(&answer, kind))
        return WORKER_CRASHED;
    if (answer.outcome == WORKER_OUT_OF_MEMORY)
        return PHOTO_CHECK_NO_MEMORY;

    photo_result result = {.verdict = (photo_verdict)answer.verdict};
    if (result.verdict == PHOTO_OK)
        status = receive_pictures(process, a, &answer, deadline_ms, &result);
    if (!sp_failed(status))
        *ret_result = result;
    return status;
}

sp_status worker_photo_hear(const worker_process *process, arena *a, int64_t deadline_ms, photo_result *ret_result)
{
    return hear(process, a, WORKER_PHOTO, deadline_ms, ret_result);
}

sp_status worker_photo_ask(const worker_process *process, arena *a, worker_photo_kind kind, const uint8_t *bytes,
                           size_t size, int64_t deadline_ms, photo_result *ret_result)
{
    const worker_photo_job job = {kind, (uint32_t)size};
    sp_status status = worker_process_send(process, &job, sizeof job, deadline_ms);

    if (!sp_failed(status))
        status = worker_process_send(process, bytes, size, deadline_ms);
    return sp_failed(status) ? status : hear(process, a, kind, deadline_ms, ret_result);
}
