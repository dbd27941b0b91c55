/* Start-up, completion queues and time of the gRPC core. */
#include "core.h"

#include <grpc/support/log.h>
#include <grpc/support/time.h>
#include <limits.h>
#include <unistd.h>

#include "log.h"
#include "send.h"

enum { BUFFERED_MIN = 64 << 20 };

/* gRPC's own words go where all others go: one line a fact. Its errors are warnings to us, because what fails for a
 * caller comes back as a status as well. */
static void log_core_message(gpr_log_func_args *args)
{
    log_level level = args->severity == GPR_LOG_SEVERITY_ERROR ? LOG_WARNING : LOG_DEBUG;

    log_write(level, "grpc core", "text", args->message, NULL);
}

/* absl::SetMutexDeadlockDetectionMode. Debian builds abseil with its search for lock cycles on, which costs every call
 * of the core some twentieth of its time and can only ever abort the program. Weak: without it all works as well. */
enum { CYCLES_IGNORED = 0 };
void set_deadlock_detection(int mode) __asm__("_ZN4absl7debian329SetMutexDeadlockDetectionModeENS0_15OnDeadlockCycleE")
    __attribute__((weak));

static void set_up_process(void)
{
    gpr_set_log_function(log_core_message);
    if (set_deadlock_detection != NULL)
        set_deadlock_detection(CYCLES_IGNORED);
}

void core_enter(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, set_up_process);
    grpc_init();
}

void core_exit(void)
{
    grpc_shutdown();
}

void core_queue_init(core_queue *queue)
{
    *queue = (core_queue){.cq = grpc_completion_queue_create_for_next(NULL)};
}

/* What was gathered leaves before the thread waits, so while there is any, it only looks whether more has come. */
static gpr_timespec wait_until(const core_queue *queue)
{
    if (send_waits())
        return gpr_inf_past(GPR_CLOCK_MONOTONIC);
    return core_deadline(queue->before_wait != NULL ? queue->before_wait(queue->before_wait_arg) : -1);
}

bool core_queue_run_next(core_queue *queue)
{
    grpc_event event = grpc_completion_queue_next(queue->cq, wait_until(queue), NULL);

    if (event.type == GRPC_OP_COMPLETE) {
        core_tag *tag = event.tag;

        core_tag_take(tag);
        tag->run(tag, event.success != 0);
    } else {
        send_push();
    }
    return event.type != GRPC_QUEUE_SHUTDOWN;
}

static void *run_queue(void *arg)
{
    send_gather(true);
    while (core_queue_run_next(arg))
        continue;
    send_gather(false); /* a queue that never had a thread is run to its end by whoever frees it */
    return NULL;
}

bool core_queue_start(core_queue *queue)
{
    if (!queue->runs)
        queue->runs = pthread_create(&queue->thread, NULL, run_queue, queue) == 0;
    return queue->runs;
}

void core_queue_done(core_queue *queue)
{
    if (queue->cq == NULL)
        return;
    grpc_completion_queue_shutdown(queue->cq);
    if (queue->runs)
        pthread_join(queue->thread, NULL);
    else
        run_queue(queue);
    queue->runs = false;
    grpc_completion_queue_destroy(queue->cq);
    queue->cq = NULL;
}

gpr_timespec core_deadline(int64_t timeout_ms)
{
    if (timeout_ms <= 0)
        return gpr_inf_future(GPR_CLOCK_MONOTONIC);
    return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(timeout_ms, GPR_TIMESPAN));
}

int64_t core_time_left_ms(gpr_timespec deadline)
{
    if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0)
        return INT64_MAX;

    gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
    int64_t left_ms = left.tv_sec * 1000 + left.tv_nsec / 1000000;

    return left_ms > 0 ? left_ms : 0;
}

static size_t quarter_of_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    size_t quarter = pages > 0 && page > 0 ? (size_t)pages / 4 * (size_t)page : 0;

    return quarter > BUFFERED_MIN ? quarter : BUFFERED_MIN;
}

grpc_resource_quota *core_memory(size_t bytes)
{
    grpc_resource_quota *memory = grpc_resource_quota_create(NULL);

    grpc_resource_quota_resize(memory, bytes > 0 ? bytes : quarter_of_memory());
    return memory;
}

grpc_arg core_arg_memory(grpc_resource_quota *memory)
{
    grpc_arg arg = {.type = GRPC_ARG_POINTER, .key = (char *)GRPC_ARG_RESOURCE_QUOTA};

    arg.value.pointer.p = memory;
    arg.value.pointer.vtable = grpc_resource_quota_arg_vtable();
    return arg;
}

grpc_arg core_arg_int(const char *key, int value)
{
    grpc_arg arg = {.type = GRPC_ARG_INTEGER, .key = (char *)key, .value = {.integer = value}};

    return arg;
}

grpc_arg core_arg_tls_frame(void)
{
    return core_arg_int(GRPC_ARG_TSI_MAX_FRAME_SIZE, CORE_TLS_FRAME_BYTES);
}

grpc_arg core_arg_text(const char *key, const char *value)
{
    grpc_arg arg = {.type = GRPC_ARG_STRING, .key = (char *)key, .value = {.string = (char *)value}};

    return arg;
}
