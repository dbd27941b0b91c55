/* Cuts portraits and camera frames out of the sample pictures of the face-api package, for the demo, the tests and the
 * benches:
 *
 *   sample-photos <folder of the samples> <folder to fill>
 *
 * person-NN.jpg is a portrait as an operator would upload it, person-NN-visit.jpg the same face as a terminal's camera
 * sees it on another day (other framing, light, size, noise), stranger-NN.jpg somebody who is none of the persons.
 * The result is the same on every machine. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "picture_file.h"

#define SAMPLE_BYTES_MAX (4u << 20)
#define PORTRAIT_QUALITY 92
#define VISIT_QUALITY 80

/* A rectangle of a sample and the picture that it becomes. */
typedef struct {
    int centre_x, centre_y; /* pixels of the sample */
    int cut_height;
    int width, height; /* pixels of the result; they give the proportions of the cut */
} framing;

/* What a camera does to a picture: light in percent, and noise up to so many of 255 steps. */
typedef struct {
    int brightness;
    int noise;
} camera_look;

/* Where a face is in a sample, with the height from brow to chin. */
typedef struct {
    int sample;
    int x, y;
    int height;
} sample_face;

static const sample_face persons[] = {
    {6, 761, 511, 276},  {6, 343, 664, 257},  {3, 680, 503, 279},  {5, 1193, 350, 235},
    {6, 1573, 457, 282}, {5, 1500, 554, 253}, {3, 1165, 375, 281}, {6, 1243, 490, 281},
};

static const sample_face strangers[] = {
    {5, 855, 244, 198}, {3, 1589, 473, 269}, {4, 761, 220, 234}, {5, 472, 1047, 303}};

static const camera_look untouched = {100, 0};

static uint8_t *file_bytes(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(SAMPLE_BYTES_MAX);

    if (file && bytes)
        *ret_size = fread(bytes, 1, SAMPLE_BYTES_MAX, file);
    if (!file || !bytes || ferror(file)) {
        free(bytes);
        bytes = NULL;
    }
    if (file)
        fclose(file);
    return bytes;
}

static bool sample_load(const char *folder, int number, bitmap *ret_sample)
{
    char path[4096];
    size_t size = 0;

    snprintf(path, sizeof path, "%s/sample%d.jpg", folder, number);
    uint8_t *bytes = file_bytes(path, &size);
    bool loaded = bytes && picture_file_decode(bytes, size, 0, ret_sample) == PICTURE_FILE_OK;
    free(bytes);
    if (!loaded)
        fprintf(stderr, "sample-photos: %s: cannot be read\n", path);
    return loaded;
}

static bool photo_write(const bitmap *photo, int quality, const char *folder, const char *name)
{
    char path[4096];
    uint8_t *jpeg;
    size_t size;
    face_picture view = bitmap_view(photo);

    if (!picture_file_encode(&view, quality, &jpeg, &size))
        return false;
    snprintf(path, sizeof path, "%s/%s.jpg", folder, name);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(jpeg, 1, size, file) == size;
    written = (file && fclose(file) == 0) && written;
    free(jpeg);
    if (!written)
        fprintf(stderr, "sample-photos: %s: %s\n", path, strerror(errno));
    return written;
}

static uint8_t clamped(int value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Noise from a fixed sequence, so that the files never differ. */
static void look_apply(bitmap *photo, camera_look look)
{
    size_t count = (size_t)photo->width * (size_t)photo->height * 3;
    uint32_t state = 2463534242u;

    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        int noise = look.noise == 0 ? 0 : (int)(state >> 16) % (2 * look.noise + 1) - look.noise;
        photo->rgb[i] = clamped(photo->rgb[i] * look.brightness / 100 + noise);
    }
}

static bool photo_make(const bitmap *sample, framing f, camera_look look, bitmap *ret_photo)
{
    face_picture view = bitmap_view(sample);
    int cut_width = f.cut_height * f.width / f.height;
    bitmap cut;

    if (!bitmap_crop(&view, f.centre_x - cut_width / 2, f.centre_y - f.cut_height / 2, cut_width, f.cut_height, &cut))
        return false;
    view = bitmap_view(&cut);
    bool made = bitmap_resize(&view, f.width, f.height, ret_photo);
    bitmap_done(&cut);
    if (made)
        look_apply(ret_photo, look);
    return made;
}

static bool photo_put(const char *samples, int sample, framing f, camera_look look, int quality, const char *folder,
                      const char *name)
{
    bitmap whole, photo;

    if (!sample_load(samples, sample, &whole))
        return false;
    bool made = photo_make(&whole, f, look, &photo);
    bitmap_done(&whole);
    if (!made)
        return false;
    bool written = photo_write(&photo, quality, folder, name);
    bitmap_done(&photo);
    return written;
}

/* The face takes half of the height, and neighbours stay outside. */
static framing portrait_of(sample_face f)
{
    return (framing){f.x, f.y, f.height * 2, 480, 720};
}

static bool persons_put(const char *samples, const char *folder)
{
    for (int i = 0; i < (int)(sizeof persons / sizeof *persons); i++) {
        sample_face f = persons[i];
        framing visit = {f.x + f.height / 10, f.y + f.height / 8, f.height * 9 / 4, 400, 640};
        camera_look look = {i % 2 ? 84 : 114, 5};
        char name[32];

        snprintf(name, sizeof name, "person-%02d", i + 1);
        if (!photo_put(samples, f.sample, portrait_of(f), untouched, PORTRAIT_QUALITY, folder, name))
            return false;
        snprintf(name, sizeof name, "person-%02d-visit", i + 1);
        if (!photo_put(samples, f.sample, visit, look, VISIT_QUALITY, folder, name))
            return false;
    }
    return true;
}

static bool strangers_put(const char *samples, const char *folder)
{
    for (int i = 0; i < (int)(sizeof strangers / sizeof *strangers); i++) {
        char name[32];

        snprintf(name, sizeof name, "stranger-%02d", i + 1);
        if (!photo_put(samples, strangers[i].sample, portrait_of(strangers[i]), untouched, PORTRAIT_QUALITY, folder,
                       name))
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static const framing two_faces = {910, 470, 620, 1000, 620};
    static const framing railing = {215, 330, 320, 640, 480}; /* of a staircase, and nobody on it */

    if (argc != 3) {
        fprintf(stderr, "usage: sample-photos <folder of the samples> <folder to fill>\n");
        return 2;
    }
    if (mkdir(argv[2], 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "sample-photos: %s: %s\n", argv[2], strerror(errno));
        return 1;
    }
    bool made = persons_put(argv[1], argv[2]) && strangers_put(argv[1], argv[2]) &&
                photo_put(argv[1], 3, two_faces, untouched, PORTRAIT_QUALITY, argv[2], "two-faces") &&
                photo_put(argv[1], 5, railing, untouched, PORTRAIT_QUALITY, argv[2], "nobody");
    return made ? 0 : 1;
}
