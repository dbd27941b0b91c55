#include "import_writer.h"

#include <pthread.h>
#include <stdlib.h>

struct import_writer {
    import_job *job;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const import_batch *batch; /* NULL: nothing to write */
    import_early *early;       /* NULL: every batch by itself */
    bool ends;
    sp_status status; /* of the batches so far */
};

static void *write_all(void *arg)
{
    import_writer *w = arg;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->batch && !w->ends)
            pthread_cond_wait(&w->changed, &w->lock);
        if (!w->batch)
            break;
        pthread_mutex_unlock(&w->lock);
        sp_status status = SP_DONE;
        if (w->early)
            import_early_add(w->job, w->early, w->batch);
        else
            status = import_batch_write(w->job, w->batch);
        pthread_mutex_lock(&w->lock);
        w->status = status;
        w->batch = NULL;
        pthread_cond_broadcast(&w->changed);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

import_writer *import_writer_new(import_job *job)
{
    import_writer *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    w->job = job;
    w->status = SP_DONE;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    if (pthread_create(&w->thread, NULL, write_all, w) == 0)
        return w;
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return NULL;
}

/* Locked. */
static sp_status idle_wait(import_writer *w)
{
    while (w->batch)
        pthread_cond_wait(&w->changed, &w->lock);
    return w->status;
}

sp_status import_writer_post(import_writer *w, const import_batch *batch)
{
    sp_status status;

    pthread_mutex_lock(&w->lock);
    status = idle_wait(w);
    if (!sp_failed(status)) {
        w->batch = batch;
        pthread_cond_broadcast(&w->changed);
    }
    pthread_mutex_unlock(&w->lock);
    return status;
}

sp_status import_writer_wait(import_writer *w)
{
    sp_status status;

    pthread_mutex_lock(&w->lock);
    status = idle_wait(w);
    pthread_mutex_unlock(&w->lock);
    return status;
}

void import_writer_set_early(import_writer *w, import_early *early)
{
    pthread_mutex_lock(&w->lock);
    w->early = early;
    pthread_mutex_unlock(&w->lock);
}

void import_writer_free(import_writer *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->ends = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
