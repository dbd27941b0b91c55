#include "sim_hardware.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "clock.h"
#include "file.h"

enum { FRAME_BYTES_MAX = 8 << 20 };

struct sim_hardware {
    char *folder;
    int relay_log; /* -1: none */
    sim_sight sight;
    size_t next_picture, next_reading; /* of the sight */
    sim_camera_state camera;
    char resolution[16];
    bool fan;
    light_colour light;
    uint32_t brightness;
    sound sounds[SOUNDS_KEPT];
    uint64_t sound_count;
    bool open, high; /* the relay's line */
    char *frame;
    char last_picture[256]; /* of the walk */
    relay_movement movements[RELAY_MOVEMENTS_KEPT];
    uint64_t movement_count;
    uint64_t relay_count;
};

/* ---- Camera ---- */

/* NULL: nobody was placed. */
static const char *placed_picture(sim_hardware *s)
{
    size_t at = s->next_picture;

    if (s->sight.picture_count == 0)
        return NULL;
    if (at + 1 < s->sight.picture_count)
        s->next_picture++;
    return s->sight.pictures[at];
}

static bool capture(void *self, camera_frame *ret_frame)
{
    sim_hardware *s = self;
    const char *name = placed_picture(s);
    char next[256];
    char path[1024];
    char *bytes;
    size_t size;

    if (!name && sim_hardware_next_picture(s, next, sizeof next)) /* nobody was placed: somebody of the folder comes */
        name = next;
    if (!name || s->camera != SIM_CAMERA_WELL)
        return false;
    if (name[0] == '/' || !s->folder)
        snprintf(path, sizeof path, "%s", name);
    else
        snprintf(path, sizeof path, "%s/%s", s->folder, name);
    if (sp_failed(file_read(path, FRAME_BYTES_MAX, &bytes, &size)))
        return false;
    free(s->frame);
    s->frame = bytes;
    *ret_frame = (camera_frame){(const uint8_t *)bytes, size};
    return true;
}

static bool offers(void *self, const char *resolution)
{
    static const char *const offered[] = {"640x480", "1280x720", "1920x1080"};

    (void)self;
    for (size_t i = 0; i < sizeof offered / sizeof *offered; i++)
        if (strcmp(offered[i], resolution) == 0)
            return true;
    return false;
}

static void set_resolution(void *self, const char *resolution)
{
    sim_hardware *s = self;

    snprintf(s->resolution, sizeof s->resolution, "%s", resolution);
}

static void restart_camera(void *self)
{
    sim_hardware *s = self;

    if (s->camera == SIM_CAMERA_JAMMED)
        s->camera = SIM_CAMERA_WELL;
}

void sim_hardware_camera(sim_hardware *s, sim_camera_state state)
{
    s->camera = state;
}

static bool is_jpeg_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && dot != name && (strcasecmp(dot, ".jpg") == 0 || strcasecmp(dot, ".jpeg") == 0);
}

bool sim_hardware_next_picture(sim_hardware *s, char *out, size_t cap)
{
    char first[256] = "";
    char next[256] = "";
    DIR *folder = s->folder ? opendir(s->folder) : NULL;

    if (!folder)
        return false;
    for (const struct dirent *e; (e = readdir(folder)) != NULL;) {
        if (!is_jpeg_name(e->d_name))
            continue;
        if (first[0] == '\0' || strcmp(e->d_name, first) < 0)
            snprintf(first, sizeof first, "%s", e->d_name);
        if (strcmp(e->d_name, s->last_picture) > 0 && (next[0] == '\0' || strcmp(e->d_name, next) < 0))
            snprintf(next, sizeof next, "%s", e->d_name);
    }
    closedir(folder);
    snprintf(s->last_picture, sizeof s->last_picture, "%s", next[0] ? next : first);
    snprintf(out, cap, "%s", s->last_picture);
    return s->last_picture[0] != '\0';
}

/* ---- Relay ---- */

/* The file outlives a killed simulator: a test compares it with what the server was told. */
static void write_down(const sim_hardware *s, const relay_movement *m)
{
    char line[64];
    int n =
        snprintf(line, sizeof line, "%" PRId64 " %s %" PRIu64 "\n", m->at_ms, m->active ? "open" : "closed", m->seq);

    if (s->relay_log >= 0 && write(s->relay_log, line, (size_t)n) != n)
        perror("relay log");
}

static void set_relay(void *self, bool open, bool high, uint64_t seq)
{
    sim_hardware *s = self;
    relay_movement *m;

    if (!open && !s->open && high == s->high) /* nothing moves */
        return;
    s->open = open;
    s->high = high;
    m = &s->movements[s->movement_count++ % RELAY_MOVEMENTS_KEPT];
    *m = (relay_movement){clock_now_ms(), open, high, seq};
    if (open)
        s->relay_count++;
    write_down(s, m);
}

size_t sim_hardware_relay_log(const sim_hardware *s, relay_movement out[RELAY_MOVEMENTS_KEPT])
{
    size_t kept = s->movement_count < RELAY_MOVEMENTS_KEPT ? (size_t)s->movement_count : RELAY_MOVEMENTS_KEPT;

    for (size_t i = 0; i < kept; i++)
        out[i] = s->movements[(s->movement_count - kept + i) % RELAY_MOVEMENTS_KEPT];
    return kept;
}

uint64_t sim_hardware_relay_count(const sim_hardware *s)
{
    return s->relay_count;
}

/* ---- Sound, fan, light ---- */

static void play(void *self, const sound *played)
{
    sim_hardware *s = self;

    s->sounds[s->sound_count++ % SOUNDS_KEPT] = *played;
}

size_t sim_hardware_sounds(const sim_hardware *s, sound out[SOUNDS_KEPT])
{
    size_t kept = s->sound_count < SOUNDS_KEPT ? (size_t)s->sound_count : SOUNDS_KEPT;

    for (size_t i = 0; i < kept; i++)
        out[i] = s->sounds[(s->sound_count - kept + i) % SOUNDS_KEPT];
    return kept;
}

uint64_t sim_hardware_sound_count(const sim_hardware *s)
{
    return s->sound_count;
}

static void set_fan(void *self, bool on)
{
    ((sim_hardware *)self)->fan = on;
}

static void set_light(void *self, light_colour colour)
{
    ((sim_hardware *)self)->light = colour;
}

static void set_brightness(void *self, uint32_t percent)
{
    ((sim_hardware *)self)->brightness = percent;
}

sim_fixtures sim_hardware_fixtures(const sim_hardware *s)
{
    return (sim_fixtures){s->fan, s->light, s->brightness, s->resolution};
}

/* ---- The rest ---- */

static int32_t read_temperature(void *self)
{
    sim_hardware *s = self;
    size_t at = s->next_reading;

    if (s->sight.reading_count == 0)
        return 0;
    if (at + 1 < s->sight.reading_count)
        s->next_reading++;
    return s->sight.readings_centi[at];
}

static bool read_ambient(void *self, int32_t *ret_centi)
{
    const sim_hardware *s = self;

    *ret_centi = s->sight.ambient_centi;
    return s->sight.ambient_known;
}

static bool read_card(void *self, char ret_card[33])
{
    const char *card = ((sim_hardware *)self)->sight.card;

    return card && snprintf(ret_card, 33, "%s", card) < 33;
}

static detection wears_mask(void *self, const face_picture *frame)
{
    (void)frame;
    return ((sim_hardware *)self)->sight.no_mask ? DETECTED_NO : DETECTED_YES;
}

static detection is_alive(void *self, const face_picture *frame)
{
    (void)frame;
    return ((sim_hardware *)self)->sight.not_alive ? DETECTED_NO : DETECTION_IMPOSSIBLE;
}

static void show(void *self, const screen *shown)
{
    (void)self, (void)shown; /* the model itself is what the simulator shows, on request */
}

void sim_hardware_fill(sim_hardware *s, hal *ret_hal)
{
    ret_hal->camera = (camera){s, capture, offers, set_resolution, restart_camera};
    ret_hal->thermometer = (thermometer){s, read_temperature, read_ambient};
    ret_hal->relay = (relay){s, set_relay};
    ret_hal->card_reader = (card_reader){s, read_card};
    ret_hal->mask_detector = (mask_detector){s, wears_mask};
    ret_hal->liveness_detector = (liveness_detector){s, is_alive};
    ret_hal->screen = (screen_driver){s, show, NULL};
    ret_hal->audio = (audio){s, play};
    ret_hal->fixtures = (fixtures){s, set_fan, set_light, set_brightness};
}

void sim_hardware_place(sim_hardware *s, const sim_sight *sight)
{
    s->sight = *sight;
    s->next_picture = s->next_reading = 0;
}

sim_hardware *sim_hardware_new(const char *folder, const char *relay_log)
{
    sim_hardware *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->relay_log = -1;
    if (folder)
        s->folder = strdup(folder);
    if (relay_log)
        s->relay_log = open(relay_log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (folder && !s->folder) {
        sim_hardware_free(s);
        return NULL;
    }
    return s;
}

void sim_hardware_free(sim_hardware *s)
{
    if (!s)
        return;
    if (s->relay_log >= 0)
        close(s->relay_log);
    free(s->frame);
    free(s->folder);
    free(s);
}
