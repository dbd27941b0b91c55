#include "photo_looks.h"

#include <pthread.h>
#include <stdlib.h>

struct photo_looks {
    worker_pool *workers;
    int fd;
    pthread_mutex_t lock;  /* guards what follows, and the counts of blocks */
    pthread_cond_t posted; /* or stopping */
    pthread_cond_t ended;  /* a block, or everything by a failure */
    photo_block *first;    /* that has photos which nobody has begun */
    photo_block **last;
    bool stopping;
    sp_status failure;
    int count;
    pthread_t threads[];
};

/* The next photo nobody has begun; NULL when it is time to end. */
static photo_look *look_take(photo_looks *l, photo_block **ret_block)
{
    photo_look *taken = NULL;

    pthread_mutex_lock(&l->lock);
    while (!l->first && !l->stopping)
        pthread_cond_wait(&l->posted, &l->lock);
    if (!l->stopping) {
        photo_block *block = l->first;

        taken = &block->looks[block->begun++];
        *ret_block = block;
        if (block->begun == block->count) {
            l->first = block->next;
            if (!l->first)
                l->last = &l->first;
        }
    }
    pthread_mutex_unlock(&l->lock);
    return taken;
}

static void look_end(photo_looks *l, photo_block *block, sp_status status)
{
    pthread_mutex_lock(&l->lock);
    block->ended++;
    if (sp_failed(status)) {
        l->failure = status;
        l->stopping = true;
        pthread_cond_broadcast(&l->posted);
    }
    if (block->ended == block->count || l->stopping)
        pthread_cond_broadcast(&l->ended);
    pthread_mutex_unlock(&l->lock);
}

static void *looking(void *arg)
{
    photo_looks *l = arg;
    worker_archive *zip = worker_archive_open(l->workers, l->fd);
    photo_block *block;
    photo_look *look;

    while ((look = look_take(l, &block)) != NULL) {
        sp_status status = zip ? SP_DONE : OUT_OF_MEMORY;

        if (zip && look->wanted)
            status = worker_archive_check(zip, &look->memory, look->entry, &look->look);
        look_end(l, block, status);
    }
    worker_archive_close(zip);
    return NULL;
}

photo_looks *photo_looks_new(worker_pool *workers, int fd)
{
    int wanted = worker_pool_processes(workers);
    photo_looks *l = calloc(1, sizeof *l + (size_t)wanted * sizeof *l->threads);

    if (!l)
        return NULL;
    l->workers = workers;
    l->fd = fd;
    l->last = &l->first;
    l->failure = SP_DONE;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->posted, NULL);
    pthread_cond_init(&l->ended, NULL);
    while (l->count < wanted && pthread_create(&l->threads[l->count], NULL, looking, l) == 0)
        l->count++;
    if (l->count > 0)
        return l;
    photo_looks_free(l);
    return NULL;
}

void photo_looks_free(photo_looks *l)
{
    if (!l)
        return;
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_cond_broadcast(&l->posted);
    pthread_mutex_unlock(&l->lock);
    for (int i = 0; i < l->count; i++)
        pthread_join(l->threads[i], NULL);
    pthread_cond_destroy(&l->ended);
    pthread_cond_destroy(&l->posted);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

void photo_looks_post(photo_looks *l, photo_block *block)
{
    block->begun = block->ended = 0;
    block->next = NULL;
    if (block->count == 0)
        return;
    pthread_mutex_lock(&l->lock);
    *l->last = block;
    l->last = &block->next;
    pthread_cond_broadcast(&l->posted);
    pthread_mutex_unlock(&l->lock);
}

sp_status photo_looks_wait(photo_looks *l, photo_block *block)
{
    sp_status status;

    pthread_mutex_lock(&l->lock);
    while (block->ended < block->count && !sp_failed(l->failure))
        pthread_cond_wait(&l->ended, &l->lock);
    status = l->failure;
    pthread_mutex_unlock(&l->lock);
    return status;
}
