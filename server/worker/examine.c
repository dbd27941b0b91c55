#include "examine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "picture_file.h"

#define FACES_MAX 16
#define THUMBNAIL_FACES 1.8f /* the thumbnail's side in heights of the face */

static int counting_faces(const face *faces, int found)
{
    int counting = 0;

    for (int i = 0; i < found; i++)
        counting += i == 0 || faces[i].height >= faces[0].height * PHOTO_SECOND_FACE_SHARE;
    return counting;
}

/* The part of the face's box that lies in the photo. */
static void keep_box(examination *e, const face *f)
{
    float left = fmaxf(f->x, 0), top = fmaxf(f->y, 0);
    float right = fminf(f->x + f->width, (float)e->width), bottom = fminf(f->y + f->height, (float)e->height);

    e->face_x = (int)left;
    e->face_y = (int)top;
    e->face_width = (int)fmaxf(right - left, 0);
    e->face_height = (int)fmaxf(bottom - top, 0);
}

bool examine_encode(const face_picture *p, examination *e)
{
    for (int quality = EXAMINE_PHOTO_QUALITY; quality > 0; quality -= 20) {
        if (!picture_file_encode(p, quality, &e->photo, &e->photo_size))
            return false;
        if (e->photo_size <= EXAMINE_PHOTO_BYTES_MAX)
            return true;
        free(e->photo);
        e->photo = NULL;
    }
    return false;
}

/* A square around the face, as much of it as fits the photo. */
static bool encode_thumbnail(const face_picture *p, const face *f, examination *e)
{
    int shorter = p->width < p->height ? p->width : p->height;
    int side = (int)fmaxf(1, fminf(f->height * THUMBNAIL_FACES, (float)shorter));
    int x = (int)fminf(fmaxf(f->x + f->width / 2 - (float)side / 2, 0), (float)(p->width - side));
    int y = (int)fminf(fmaxf(f->y + f->height / 2 - (float)side / 2, 0), (float)(p->height - side));
    bitmap square, small;

    if (!bitmap_crop(p, x, y, side, side, &square))
        return false;
    face_picture view = bitmap_view(&square);
    bool made = bitmap_resize(&view, EXAMINE_THUMBNAIL_SIDE, EXAMINE_THUMBNAIL_SIDE, &small);
    bitmap_done(&square);
    if (!made)
        return false;
    view = bitmap_view(&small);
    made = picture_file_encode(&view, EXAMINE_THUMBNAIL_QUALITY, &e->thumbnail, &e->thumbnail_size);
    bitmap_done(&small);
    return made;
}

static bool examine_picture(face_engine *engine, const face_picture *p, examination *e)
{
    face faces[FACES_MAX];
    int found = face_detect_all(engine, p, faces, FACES_MAX);

    e->width = p->width;
    e->height = p->height;
    if (found < 0)
        return false;
    e->measures.faces = counting_faces(faces, found);
    if (found > 0) {
        e->measures.face_share = faces[0].height / (float)p->height;
        if (!measure_pixels(p, &faces[0], &e->measures) || !face_landmarks(engine, p, &faces[0]))
            return false;
        e->measures.symmetry = measure_symmetry(&faces[0]);
    }
    e->verdict = photo_judge(&e->measures);
    if (e->verdict != PHOTO_OK)
        return true;

    float numbers[FACE_TEMPLATE_LENGTH];
    if (!face_template(engine, p, &faces[0], numbers))
        return false;
    face_template_pack(numbers, e->template_bytes);
    keep_box(e, &faces[0]);
    return examine_encode(p, e) && encode_thumbnail(p, &faces[0], e);
}

static photo_verdict verdict_of_file(picture_file_result result)
{
    return result == PICTURE_FILE_TOO_LARGE ? PHOTO_TOO_LARGE_PIXELS : PHOTO_NOT_AN_IMAGE;
}

bool examine(face_engine *engine, const uint8_t *bytes, size_t size, examination *ret_examination)
{
    bitmap photo;
    picture_file_result read = picture_file_decode(bytes, size, EXAMINE_PHOTO_SIDE, &photo);

    *ret_examination = (examination){.verdict = PHOTO_OK};
    if (read == PICTURE_FILE_NO_MEMORY)
        return false;
    if (read != PICTURE_FILE_OK) {
        ret_examination->verdict = verdict_of_file(read);
        return true;
    }
    bool done = bitmap_shrink_in_place(&photo, EXAMINE_PHOTO_SIDE);
    if (done) {
        face_picture view = bitmap_view(&photo);

        done = examine_picture(engine, &view, ret_examination);
        face_engine_rest(engine); /* the next photo is unpacked where the networks were */
    }
    bitmap_done(&photo);
    if (!done)
        examination_done(ret_examination);
    return done;
}

void examination_done(examination *e)
{
    free(e->photo);
    free(e->thumbnail);
    *e = (examination){0};
}
