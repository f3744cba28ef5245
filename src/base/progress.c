/* How far long work is, told to whoever asked; who may answer that it end. */
#include "base/base.h"

bool progress_step(const struct progress *progress, const char *stage,
                   double done, double total) {
    return !progress || !progress->step ||
           progress->step(progress->context, stage, done, total);
}
