/* JPEG through libjpeg. Its errors come by longjmp: the functions that call setjmp hold no variable that changes after
 * it other than through the decoder's own struct. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "picture_formats.h"

#define EXIF_MARKER (JPEG_APP0 + 1)
#define SCANS_MAX 64 /* of a progressive file: each one costs a pass over the whole picture */
#define DECODER_BYTES_MAX (256L << 20)

typedef struct {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf failed;
    bool memory_out;
    bool cut_short;
    bitmap result;
} decoder;

static void on_error(j_common_ptr jpeg)
{
    decoder *d = jpeg->client_data;

    d->memory_out = jpeg->err->msg_code == JERR_OUT_OF_MEMORY;
    longjmp(d->failed, 1);
}

/* Level -1 is a warning: of the kinds that libjpeg repairs, only lost data matters. */
static void on_message(j_common_ptr jpeg, int level)
{
    decoder *d = jpeg->client_data;
    int code = jpeg->err->msg_code;

    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE))
        d->cut_short = true;
}

static void on_progress(j_common_ptr jpeg)
{
    if (((j_decompress_ptr)jpeg)->input_scan_number > SCANS_MAX)
        on_error(jpeg);
}

/* The smallest of 1/8, 1/4, 1/2 that leaves the longer side enough pixels. */
static unsigned scale_denominator(const struct jpeg_decompress_struct *jpeg, int enough)
{
    unsigned longer = jpeg->image_width > jpeg->image_height ? jpeg->image_width : jpeg->image_height;
    unsigned by = 8;

    if (enough <= 0)
        return 1;
    while (by > 1 && longer / by < (unsigned)enough)
        by /= 2;
    return by;
}

/* Pixels in file order into the result. Errors leave by longjmp. */
static picture_file_result decode_pixels(decoder *d, int enough, int *ret_orientation)
{
    j_decompress_ptr jpeg = &d->jpeg;

    jpeg_read_header(jpeg, TRUE);
    if ((uint64_t)jpeg->image_width * jpeg->image_height > BITMAP_PIXELS_MAX)
        return PICTURE_FILE_TOO_LARGE;
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m; m = m->next) {
        int orientation = exif_orientation(m->data, m->data_length);
        if (orientation != 1)
            *ret_orientation = orientation;
    }
    jpeg->out_color_space = JCS_RGB;
    jpeg->scale_num = 1;
    jpeg->scale_denom = scale_denominator(jpeg, enough);
    jpeg_start_decompress(jpeg);
    if (!bitmap_init(&d->result, (int)jpeg->output_width, (int)jpeg->output_height))
        return PICTURE_FILE_NO_MEMORY;
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = d->result.rgb + (size_t)jpeg->output_scanline * jpeg->output_width * 3;
        jpeg_read_scanlines(jpeg, &row, 1);
    }
    return d->cut_short ? PICTURE_FILE_BROKEN : PICTURE_FILE_OK;
}

static picture_file_result decode_guarded(decoder *d, const uint8_t *bytes, size_t size, int enough,
                                          int *ret_orientation)
{
    picture_file_result result;

    d->jpeg.err = jpeg_std_error(&d->errors);
    d->errors.error_exit = on_error;
    d->errors.emit_message = on_message;
    d->jpeg.client_data = d;
    if (setjmp(d->failed) != 0) {
        jpeg_destroy_decompress(&d->jpeg);
        return d->memory_out ? PICTURE_FILE_NO_MEMORY : PICTURE_FILE_BROKEN;
    }
    jpeg_create_decompress(&d->jpeg);
    d->jpeg.mem->max_memory_to_use = DECODER_BYTES_MAX;
    d->progress.progress_monitor = on_progress;
    d->jpeg.progress = &d->progress;
    jpeg_mem_src(&d->jpeg, bytes, size);
    jpeg_save_markers(&d->jpeg, EXIF_MARKER, 0xffff);
    result = decode_pixels(d, enough, ret_orientation);
    jpeg_destroy_decompress(&d->jpeg);
    return result;
}

/* Where the pixel of the upright picture at (x, y) lies in a stored picture of width × height. */
static void stored_at(int orientation, int width, int height, int x, int y, int *ret_x, int *ret_y)
{
    bool transposed = orientation >= 5;
    bool mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool flipped = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int column = transposed ? y : x, row = transposed ? x : y;

    *ret_x = mirrored ? width - 1 - column : column;
    *ret_y = flipped ? height - 1 - row : row;
}

static bool turn_upright(const bitmap *stored, int orientation, bitmap *ret_bitmap)
{
    bool transposed = orientation >= 5;
    bitmap upright;

    if (!bitmap_init(&upright, transposed ? stored->height : stored->width,
                     transposed ? stored->width : stored->height))
        return false;
    for (int y = 0; y < upright.height; y++) {
        for (int x = 0; x < upright.width; x++) {
            int from_x, from_y;

            stored_at(orientation, stored->width, stored->height, x, y, &from_x, &from_y);
            memcpy(upright.rgb + ((size_t)y * (size_t)upright.width + (size_t)x) * 3,
                   stored->rgb + ((size_t)from_y * (size_t)stored->width + (size_t)from_x) * 3, 3);
        }
    }
    *ret_bitmap = upright;
    return true;
}

picture_file_result picture_jpeg_decode(const uint8_t *bytes, size_t size, int enough, bitmap *ret_bitmap)
{
    decoder *d = calloc(1, sizeof *d);
    int orientation = 1;

    if (!d)
        return PICTURE_FILE_NO_MEMORY;

    picture_file_result result = decode_guarded(d, bytes, size, enough, &orientation);
    bitmap decoded = d->result;
    free(d);
    if (result == PICTURE_FILE_OK && orientation != 1) {
        bitmap stored = decoded;
        if (!turn_upright(&stored, orientation, &decoded))
            result = PICTURE_FILE_NO_MEMORY;
        else
            bitmap_done(&stored);
    }
    if (result == PICTURE_FILE_OK)
        *ret_bitmap = decoded;
    else
        bitmap_done(&decoded);
    return result;
}

typedef struct {
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf failed;
    unsigned char *bytes;
    unsigned long size;
} encoder;

static void on_encoding_error(j_common_ptr jpeg)
{
    encoder *e = jpeg->client_data;

    longjmp(e->failed, 1);
}

static void encode_pixels(encoder *e, const face_picture *p, int quality)
{
    j_compress_ptr jpeg = &e->jpeg;

    jpeg->image_width = (JDIMENSION)p->width;
    jpeg->image_height = (JDIMENSION)p->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->optimize_coding = TRUE;
    jpeg_start_compress(jpeg, TRUE);
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW row = (JSAMPROW)(p->rgb + (size_t)jpeg->next_scanline * (size_t)p->width * 3);
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
}

bool picture_file_encode(const face_picture *p, int quality, uint8_t **ret_bytes, size_t *ret_size)
{
    encoder *e = calloc(1, sizeof *e);

    if (!e)
        return false;
    e->jpeg.err = jpeg_std_error(&e->errors);
    e->errors.error_exit = on_encoding_error;
    e->jpeg.client_data = e;
    if (setjmp(e->failed) != 0) {
        jpeg_destroy_compress(&e->jpeg);
        free(e->bytes);
        free(e);
        return false;
    }
    jpeg_create_compress(&e->jpeg);
    jpeg_mem_dest(&e->jpeg, &e->bytes, &e->size);
    encode_pixels(e, p, quality);
    jpeg_destroy_compress(&e->jpeg);
    *ret_bytes = e->bytes;
    *ret_size = e->size;
    free(e);
    return true;
}
