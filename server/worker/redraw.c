#include "redraw.h"

#include "picture_file.h"

static photo_verdict verdict_of(picture_file_result read)
{
    switch (read) {
    case PICTURE_FILE_FOREIGN:
        return PHOTO_NOT_AN_IMAGE;
    case PICTURE_FILE_TOO_LARGE:
        return PHOTO_TOO_LARGE_PIXELS;
    default:
        return PHOTO_DAMAGED;
    }
}

bool redraw(const uint8_t *bytes, size_t size, examination *ret_examination)
{
    bitmap whole, shrunk;
    picture_file_result read = picture_file_decode(bytes, size, REDRAW_SIDE, &whole);

    *ret_examination = (examination){.verdict = PHOTO_OK};
    if (read == PICTURE_FILE_NO_MEMORY)
        return false;
    if (read != PICTURE_FILE_OK) {
        ret_examination->verdict = verdict_of(read);
        return true;
    }
    face_picture view = bitmap_view(&whole);
    bool made = bitmap_shrink(&view, REDRAW_SIDE, &shrunk);
    bitmap_done(&whole);
    if (!made)
        return false;
    view = bitmap_view(&shrunk);
    ret_examination->width = view.width;
    ret_examination->height = view.height;
    made = examine_encode(&view, ret_examination);
    bitmap_done(&shrunk);
    if (!made)
        examination_done(ret_examination);
    return made;
}
