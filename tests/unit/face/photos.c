#include "photos.h"

#include <stdio.h>
#include <stdlib.h>

#include "picture_file.h"

#define BYTES_MAX (4u << 20)

static uint8_t *bytes_of(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(BYTES_MAX);

    if (!file || !bytes) {
        perror(path);
        abort();
    }
    *ret_size = fread(bytes, 1, BYTES_MAX, file);
    fclose(file);
    return bytes;
}

static bitmap decoded(uint8_t *bytes, size_t size, const char *name)
{
    bitmap photo;

    if (picture_file_decode(bytes, size, 0, &photo) != PICTURE_FILE_OK) {
        fprintf(stderr, "%s cannot be decoded\n", name);
        abort();
    }
    free(bytes);
    return photo;
}

uint8_t *photo_bytes(const char *name, size_t *ret_size)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s.jpg", PHOTOS, name);
    return bytes_of(path, ret_size);
}

uint8_t *photo_sample_bytes(int number, size_t *ret_size)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/sample%d.jpg", SAMPLES, number);
    return bytes_of(path, ret_size);
}

bitmap photo_load(const char *name)
{
    size_t size;
    uint8_t *bytes = photo_bytes(name, &size);

    return decoded(bytes, size, name);
}

bitmap photo_sample(int number)
{
    size_t size;
    uint8_t *bytes = photo_sample_bytes(number, &size);

    return decoded(bytes, size, "sample");
}
