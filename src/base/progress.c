/* How far long work is, told to whoever asked; who may answer that it end. */
#include "base/base.h"

bool progress_step(const struct progress *progress, const char *stage,
                   double done, double total) {
    return !progress || !progress->step ||
           progress->step(progress->context, stage, done, total);
}

bool shared_progress_step(struct shared_progress *shared, size_t more) {
    if (more)
        atomic_fetch_add(&shared->done, more);
    if (!atomic_load(&shared->cancelled) &&
        !atomic_exchange(&shared->busy, true)) {
        if (!progress_step(shared->progress, shared->stage,
                           (double)atomic_load(&shared->done), shared->total))
            atomic_store(&shared->cancelled, true);
        atomic_store(&shared->busy, false);
    }
    return !atomic_load(&shared->cancelled);
}

bool shared_progress_end(struct shared_progress *shared) {
    bool complete = !atomic_load(&shared->cancelled);
    if (complete) /* all is done, whatever is answered */
        progress_step(shared->progress, shared->stage, shared->total,
                      shared->total);
    return complete;
}
