#include "photo_names.h"

#include <stdlib.h>
#include <string.h>

#include "photo_archive.h"
#include "text_map.h"

static const photo_fault AGAIN = {"DUPLICATE_IN_FILE", "A photo above has the same personnel ID."};

typedef struct {
    arena *memory;
    photo_files *files;
    text_map numbers; /* seen so far */
    size_t room;      /* of the array */
    size_t wanted;    /* 0: all */
    size_t total;
} reading;

static bool room_make(reading *r)
{
    photo_file *more;
    size_t room = r->room > 0 ? r->room * 2 : 64;

    if (r->files->count < r->room)
        return true;
    more = arena_array(r->memory, room, sizeof *more);
    if (!more)
        return false;
    if (r->files->count > 0)
        memcpy(more, r->files->files, r->files->count * sizeof *more);
    r->files->files = more;
    r->room = room;
    return true;
}

static sp_status name_take(void *arg, uint32_t entry, const char *name)
{
    reading *r = arg;
    size_t size = strlen(name) + 1;
    photo_file *file;
    char *texts;

    r->total++;
    if (r->wanted > 0 && r->files->count == r->wanted)
        return SP_DONE;
    texts = room_make(r) ? arena_alloc(r->memory, 2 * size) : NULL;
    if (!texts)
        return OUT_OF_MEMORY;
    file = &r->files->files[r->files->count];
    memcpy(texts, name, size);
    *file = (photo_file){entry, texts, texts + size, photo_name_read(name, texts + size)};
    if (!file->fault.reason && text_map_get(&r->numbers, file->number))
        file->fault = AGAIN;
    else if (!file->fault.reason && !text_map_put(&r->numbers, file->number, texts))
        return OUT_OF_MEMORY;
    r->files->count++;
    return SP_DONE;
}

static sp_status names_read(worker_pool *workers, int fd, reading *r)
{
    *r->files = (photo_files){NULL, 0};
    text_map_init(&r->numbers, r->memory);
    return worker_archive_names(workers, fd, name_take, r);
}

sp_status photo_files_read(worker_pool *workers, int fd, arena *a, photo_files *ret_files)
{
    reading r = {.memory = a, .files = ret_files};

    return names_read(workers, fd, &r);
}

sp_status photo_files_preview(worker_pool *workers, int fd, arena *a, size_t room, photo_files *ret_files,
                              size_t *ret_total)
{
    reading r = {.memory = a, .files = ret_files, .wanted = room};
    sp_status status = names_read(workers, fd, &r);

    *ret_total = r.total;
    return status;
}
