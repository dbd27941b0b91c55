/* What servers and clients share of the gRPC core: start-up, tags, queues and time. */
#pragma once

#include <grpc/grpc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the completion of a batch runs. It lies inside the object that it belongs to. */
typedef struct core_tag {
    void (*run)(struct core_tag *tag, bool ok);
} core_tag;

/* A batch hands its tag to the core, the queue's thread takes it back. The core is not built for the thread sanitizer,
 * which therefore does not see that the one happens before the other unless it is told. */
#if defined(__SANITIZE_THREAD__)
#define CORE_SEES_THREADS 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CORE_SEES_THREADS 1
#endif
#endif

#ifdef CORE_SEES_THREADS
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#define core_tag_give(tag) __tsan_release(tag)
#define core_tag_take(tag) __tsan_acquire(tag)
#else
#define core_tag_give(tag) ((void)(tag))
#define core_tag_take(tag) ((void)(tag))
#endif

#define CORE_OWNER(tag, type, member) ((type *)(void *)((char *)(tag)-offsetof(type, member)))

/* A completion queue and its one thread. More threads on one queue only fight over it. */
typedef struct {
    grpc_completion_queue *cq;
    pthread_t thread;
    bool runs;
    int (*before_wait)(void *arg); /* milliseconds to wait at most, -1 for as long as it takes; NULL: the latter */
    void *before_wait_arg;
} core_queue;

/* Each is matched by one core_exit. The core's own messages go to our log from the first time on. */
void core_enter(void);
void core_exit(void);

/* NULL cq when memory is out. */
void core_queue_init(core_queue *queue);
bool core_queue_start(core_queue *queue);

/* For a queue without a thread: waits for the next completion and runs it here. False once the queue is shut down. */
bool core_queue_run_next(core_queue *queue);

/* Runs what is left, joins the thread and frees the queue. Nothing may be started on it any more. */
void core_queue_done(core_queue *queue);

/* A point in time so many milliseconds from now; timeout_ms <= 0: never. */
gpr_timespec core_deadline(int64_t timeout_ms);

/* Milliseconds until then; INT64_MAX for never, 0 when it has passed. */
int64_t core_time_left_ms(gpr_timespec deadline);

/* So many bytes (0: a quarter of the machine's) for what connections hold, whole messages before anybody has judged
 * their length: only this keeps a peer from filling all memory with one message. Beyond it idle connections are closed,
 * then calls end with RESOURCE_EXHAUSTED. The caller unrefs it. */
grpc_resource_quota *core_memory(size_t bytes);
grpc_arg core_arg_memory(grpc_resource_quota *memory);

grpc_arg core_arg_int(const char *key, int value);

/* How much of a message TLS seals at once, for which the core keeps two buffers with each connection; larger messages
 * go in several records. Of servers and of channels: programs with the smaller buffers of tls_memory.c send no larger
 * ones. */
enum { CORE_TLS_FRAME_BYTES = 4096 };
grpc_arg core_arg_tls_frame(void);
grpc_arg core_arg_text(const char *key, const char *value);
