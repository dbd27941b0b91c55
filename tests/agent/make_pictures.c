/* Writes what the link tests need: JPEG pictures that the simulated face reader can tell apart, and its template of
 * each. make_pictures FOLDER: person1.jpg … person5.jpg, large.jpg (several chunks), huge.jpg (too large for a photo),
 * blank.jpg (no face). */
#include <stdio.h>
#include <stdlib.h>

#include "exact_face.h"
#include "picture_file.h"

static bool write_file(const char *folder, const char *name, const void *bytes, size_t size)
{
    char path[1024];
    FILE *file;
    bool written;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    if (!file)
        return false;
    written = fwrite(bytes, 1, size, file) == size;
    return fclose(file) == 0 && written;
}

/* A pattern of its own for each number; noise makes the large one large. */
static void paint(bitmap *picture, unsigned number, bool noise)
{
    unsigned dice = number;

    for (int i = 0; i < picture->width * picture->height * 3; i++) {
        dice = dice * 1103515245u + 12345u;
        picture->rgb[i] = (uint8_t)(noise ? dice >> 16 : (unsigned)(i / 3 % picture->width) * number + number * 40);
    }
}

/* The template is worked out from the JPEG, as the terminal will see it. */
static bool write_template(const char *folder, const char *name, const uint8_t *jpeg, size_t size)
{
    face_reader reader = exact_face_reader();
    float face_numbers[FACE_TEMPLATE_LENGTH];
    uint8_t packed[FACE_TEMPLATE_BYTES];
    bitmap decoded;
    face_picture view;
    int faces;

    if (picture_file_decode(jpeg, size, 1280, &decoded) != PICTURE_FILE_OK)
        return false;
    view = bitmap_view(&decoded);
    faces = reader.read(reader.self, &view, face_numbers);
    bitmap_done(&decoded);
    if (faces != 1)
        return false;
    face_template_pack(face_numbers, packed);
    return write_file(folder, name, packed, sizeof packed);
}

static bool make(const char *folder, const char *stem, unsigned number, int side, bool noise)
{
    char name[64];
    bitmap picture;
    face_picture view;
    uint8_t *jpeg;
    size_t size;
    bool made;

    if (!bitmap_init(&picture, side, side))
        return false;
    if (number > 0)
        paint(&picture, number, noise);
    view = bitmap_view(&picture);
    made = picture_file_encode(&view, 90, &jpeg, &size);
    bitmap_done(&picture);
    if (!made)
        return false;
    snprintf(name, sizeof name, "%s.jpg", stem);
    made = write_file(folder, name, jpeg, size);
    snprintf(name, sizeof name, "%s.template", stem);
    made = made && (number == 0 || write_template(folder, name, jpeg, size));
    free(jpeg);
    return made;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    for (unsigned i = 1; i <= 5; i++) {
        char stem[32];

        snprintf(stem, sizeof stem, "person%u", i);
        if (!make(argv[1], stem, i, 96, false))
            return 1;
    }
    return make(argv[1], "large", 9, 480, true) && make(argv[1], "huge", 10, 1200, true) &&
                   make(argv[1], "blank", 0, 96, false)
               ? 0
               : 1;
}
