#include "weights.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "SPFACEW1"
#define FILE_BYTES_MAX (64u << 20)
#define ENTRIES_MAX 512
#define CHECKED_FROM 16 /* bytes: what the checksum does not cover */
#define BLOCK_ALIGNMENT 64

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "weights are mapped as they lie in the file");

typedef struct {
    char magic[8];
    uint64_t checksum;
    uint32_t entries;
    uint32_t zero;
} weights_header;

typedef struct {
    char name[48];
    uint32_t depth;
    uint32_t columns;
    uint64_t offset;
} weights_entry;

static const weights_entry *directory(const face_weights *w)
{
    return (const weights_entry *)((const uint8_t *)w->map + sizeof(weights_header));
}

static uint64_t checksum(const void *bytes, size_t size)
{
    const uint64_t *words = bytes;
    uint64_t sum = 0xcbf29ce484222325u;

    for (size_t i = 0; i < size / sizeof *words; i++)
        sum = (sum ^ words[i]) * 0x100000001b3u;
    return sum;
}

static bool entry_is_inside(const weights_entry *e, size_t blocks_from, size_t size)
{
    uint64_t floats = (uint64_t)e->depth * e->columns;

    return memchr(e->name, 0, sizeof e->name) && e->offset >= blocks_from && e->offset <= size &&
           e->offset % BLOCK_ALIGNMENT == 0 && floats > 0 && floats <= (size - e->offset) / sizeof(float);
}

static bool file_is_sound(const face_weights *w)
{
    const weights_header *h = w->map;

    if (w->size < sizeof *h || w->size % sizeof(uint64_t) != 0 || memcmp(h->magic, MAGIC, sizeof h->magic) != 0)
        return false;
    if (h->entries > ENTRIES_MAX ||
        h->checksum != checksum((const uint8_t *)w->map + CHECKED_FROM, w->size - CHECKED_FROM))
        return false;

    size_t blocks_from = sizeof *h + h->entries * sizeof(weights_entry);
    if (blocks_from > w->size)
        return false;
    for (uint32_t i = 0; i < h->entries; i++)
        if (!entry_is_inside(&directory(w)[i], blocks_from, w->size))
            return false;
    return true;
}

/* The block "prefix/part" if it has this shape, or NULL. */
static const float *find(const face_weights *w, const char *prefix, const char *part, int depth, int columns)
{
    const weights_header *h = w->map;
    char name[64];

    snprintf(name, sizeof name, "%s/%s", prefix, part);
    for (uint32_t i = 0; i < h->entries; i++) {
        const weights_entry *e = &directory(w)[i];

        if (strcmp(e->name, name) == 0)
            return e->depth == (uint32_t)depth && e->columns == (uint32_t)columns
                       ? (const float *)((const uint8_t *)w->map + e->offset)
                       : NULL;
    }
    return NULL;
}

static bool convolution_find(const face_weights *w, const char *name, int size, int inputs, int outputs,
                             convolution *ret_c)
{
    *ret_c = (convolution){.panels = find(w, name, "filters", size * size * inputs, outputs),
                           .bias = find(w, name, "bias", 1, outputs),
                           .size = size,
                           .inputs = inputs,
                           .outputs = outputs};
    return ret_c->panels && ret_c->bias;
}

static bool separable_find(const face_weights *w, const char *name, int inputs, int outputs, separable *ret_s)
{
    ret_s->depthwise = find(w, name, "depthwise", 9, inputs);
    return ret_s->depthwise && convolution_find(w, name, 1, inputs, outputs, &ret_s->pointwise);
}

static bool detector_find(const face_weights *w, detector_weights *d)
{
    bool found = convolution_find(w, "detector/conv0", 3, 3, 16, &d->first) &&
                 convolution_find(w, "detector/conv8", 1, 512, 32, &d->last);

    for (int i = 0; found && i < DETECTOR_SEPARABLES; i++) {
        char name[32];

        snprintf(name, sizeof name, "detector/conv%d", i + 1);
        found = separable_find(w, name, 16 << i, 32 << i, &d->middle[i]);
    }
    return found;
}

static bool landmarks_find(const face_weights *w, landmark_weights *l)
{
    bool found = convolution_find(w, "landmarks/dense0/conv0", 3, 3, 32, &l->first) &&
                 convolution_find(w, "landmarks/fc", 1, 256, 144, &l->head);

    for (int block = 0; found && block < LANDMARK_BLOCKS; block++) {
        for (int i = block == 0 ? 1 : 0; found && i < LANDMARK_BLOCK_LAYERS; i++) {
            int outputs = 32 << block;
            char name[40];

            snprintf(name, sizeof name, "landmarks/dense%d/conv%d", block, i);
            found = separable_find(w, name, i == 0 ? outputs / 2 : outputs, outputs, &l->blocks[block][i]);
        }
    }
    return found;
}

static bool template_find(const face_weights *w, template_weights *t)
{
    static const struct {
        const char *name;
        bool halves;
        int inputs, outputs;
    } blocks[TEMPLATE_BLOCKS] = {
        {"conv32_1", false, 32, 32},    {"conv32_2", false, 32, 32},          {"conv32_3", false, 32, 32},
        {"conv64_down", true, 32, 64},  {"conv64_1", false, 64, 64},          {"conv64_2", false, 64, 64},
        {"conv64_3", false, 64, 64},    {"conv128_down", true, 64, 128},      {"conv128_1", false, 128, 128},
        {"conv128_2", false, 128, 128}, {"conv256_down", true, 128, 256},     {"conv256_1", false, 256, 256},
        {"conv256_2", false, 256, 256}, {"conv256_down_out", true, 256, 256},
    };
    bool found = convolution_find(w, "template/conv32_down", 7, 3, 32, &t->first) &&
                 convolution_find(w, "template/fc", 1, 256, 128, &t->head);

    for (int i = 0; found && i < TEMPLATE_BLOCKS; i++) {
        char first[48], second[48];

        snprintf(first, sizeof first, "template/%s/conv1", blocks[i].name);
        snprintf(second, sizeof second, "template/%s/conv2", blocks[i].name);
        t->blocks[i].halves = blocks[i].halves;
        found = convolution_find(w, first, 3, blocks[i].inputs, blocks[i].outputs, &t->blocks[i].first) &&
                convolution_find(w, second, 3, blocks[i].outputs, blocks[i].outputs, &t->blocks[i].second);
    }
    return found;
}

static bool file_map(const char *path, face_weights *w)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0)
        return false;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= FILE_BYTES_MAX) {
        w->size = (size_t)st.st_size;
        w->map = mmap(NULL, w->size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (w->map == MAP_FAILED)
            w->map = NULL;
    } else {
        errno = EBADMSG;
    }
    int failure = errno;
    close(fd);
    errno = failure;
    return w->map != NULL;
}

face_weights *face_weights_load(const char *path)
{
    face_weights *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    if (!file_map(path, w)) {
        int failure = errno;
        face_weights_free(w);
        errno = failure;
        return NULL;
    }
    if (file_is_sound(w) && detector_find(w, &w->detector) && landmarks_find(w, &w->landmarks) &&
        template_find(w, &w->template))
        return w;

    face_weights_free(w);
    errno = EBADMSG;
    return NULL;
}

void face_weights_free(face_weights *weights)
{
    if (!weights)
        return;
    if (weights->map)
        munmap(weights->map, weights->size);
    free(weights);
}
