/* A small fork-join pool. Workers sleep between runs; items are claimed with
 * one atomic counter, and the caller works too. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "base/base.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

struct thread_pool {
    size_t threads; /* with the caller */
    pthread_t *handles; /* [threads - 1] */
    size_t started;
    pthread_mutex_t lock;
    pthread_cond_t wake, done;
    uint64_t run; /* number of the current run */
    size_t busy;
    bool stopping;
    thread_work *work;
    void *context;
    size_t count;
    atomic_size_t next;
};

struct worker_start {
    struct thread_pool *pool;
    size_t worker;
};

static void drain(struct thread_pool *pool, size_t worker) {
    size_t item;
    while ((item = atomic_fetch_add(&pool->next, 1)) < pool->count)
        pool->work(pool->context, item, worker);
}

static void *worker_main(void *argument) {
    struct worker_start start = *(struct worker_start *)argument;
    memory_free(argument);
    struct thread_pool *pool = start.pool;
    uint64_t seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->run == seen && !pool->stopping)
            pthread_cond_wait(&pool->wake, &pool->lock);
        if (pool->stopping)
            break;
        seen = pool->run;
        pthread_mutex_unlock(&pool->lock);
        drain(pool, start.worker);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Workers take no signals: these go to the caller's thread. */
static bool start_worker(pthread_t *handle, struct worker_start *start) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(handle, NULL, worker_main, start) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

struct thread_pool *thread_pool_new(size_t threads) {
    if (threads < 1)
        threads = 1;
    struct thread_pool *pool = memory_new(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->threads = threads;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->handles = memory_new(threads, sizeof *pool->handles);
    if (!pool->handles)
        goto failed;
    for (size_t worker = 1; worker < threads; worker++) {
        struct worker_start *start = memory_new(1, sizeof *start);
        if (!start)
            goto failed;
        *start = (struct worker_start){pool, worker};
        if (!start_worker(&pool->handles[worker - 1], start)) {
            memory_free(start);
            goto failed;
        }
        pool->started++;
    }
    return pool;
failed:
    thread_pool_free(pool);
    return NULL;
}

void thread_pool_free(struct thread_pool *pool) {
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->started; i++)
        pthread_join(pool->handles[i], NULL);
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->wake);
    pthread_cond_destroy(&pool->done);
    memory_free(pool->handles);
    memory_free(pool);
}

size_t thread_pool_threads(const struct thread_pool *pool) {
    return pool ? pool->threads : 1;
}

void thread_pool_run(struct thread_pool *pool, size_t count, thread_work *work,
                     void *context) {
    if (!pool || pool->started == 0 || count <= 1) {
        for (size_t item = 0; item < count; item++)
            work(context, item, 0);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->work = work;
    pool->context = context;
    pool->count = count;
    atomic_store(&pool->next, 0);
    pool->busy = pool->started;
    pool->run++;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    drain(pool, 0);
    pthread_mutex_lock(&pool->lock);
    while (pool->busy > 0)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

size_t thread_available(void) {
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return (size_t)CPU_COUNT(&set);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}
