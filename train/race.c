/* What a search has seen so far: the figures of every setting on every fold,
 * and which settings are out of the race. (Who leads it: leaders.c.)
 *
 * A fold may say nothing of a task: where none of its paragraphs is labelled
 * for it. Such a fold counts as run, and leaves the mean as it is. */
#include "search.h"

#include <math.h>

/* A mean that is this many standard errors behind is hopeless; the best of a
 * family may help a blend unless it is further behind on the first fold. */
static const double HOPELESS = 2, HOPELESS_IN_BLEND = 6;
/* Methods of a task that see a second fold; half as many see each further one,
 * but never fewer than LAST_RUNNERS. */
enum { RUNNERS = 6, LAST_RUNNERS = 2 };

bool race_start(struct race *race) {
    size_t count = race->feature_count * race->method_count * race->tasks;
    race->entries = memory_new(count, sizeof *race->entries);
    for (size_t i = 0; race->entries && i < count; i++)
        race->entries[i].active = true;
    return race->entries;
}

void race_clear(struct race *race) {
    memory_free(race->entries);
    race->entries = NULL;
}

struct race_entry *race_entry(const struct race *race, size_t features,
                              size_t method, size_t task) {
    return race->entries +
           (features * race->method_count + method) * race->tasks + task;
}

/* Of the first folds those that say something; their sum. */
static size_t told(const struct race_entry *entry, size_t folds, double *sum) {
    size_t count = 0;
    *sum = 0;
    for (size_t f = 0; f < folds; f++)
        if (!isnan(entry->figures[f])) {
            *sum += entry->figures[f];
            count++;
        }
    return count;
}

double race_mean_of_first(const struct race_entry *entry, size_t folds) {
    double sum;
    size_t count = told(entry, folds, &sum);
    return count ? sum / (double)count : folds ? 0 : -1;
}

double race_mean(const struct race_entry *entry) {
    return race_mean_of_first(entry, entry->folds);
}

double race_deviation(const struct race_entry *entry) {
    double sum, squares = 0, centre = race_mean(entry);
    size_t count = told(entry, entry->folds, &sum);
    for (size_t f = 0; f < entry->folds; f++)
        if (!isnan(entry->figures[f]))
            squares += (entry->figures[f] - centre) *
                       (entry->figures[f] - centre);
    return count > 1 ? sqrt(squares / (double)(count - 1)) : 0;
}

/* The standard error of a difference between figures near `best` on this part
 * of the folds; paired: the methods err on much the same rows. Of a perfect
 * figure it is not 0: the next row may go wrong. */
static double difference_error(const struct race *race, size_t task,
                               double best, size_t folds) {
    double rows =
        (double)race->labelled[task] * (double)folds / (double)race->folds;
    best = (best * rows + 1) / (rows + 2);
    return sqrt(best * (1 - best) / fmax(rows, 1) / 2);
}

size_t race_family(const struct race *race, size_t method) {
    return 2 * (size_t)race->methods[method].kind +
           race->methods[method].ratios;
}

static bool leads_family(const struct race *race, size_t features,
                         size_t method, size_t task) {
    double here = race_mean(race_entry(race, features, method, task));
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *entry = race_entry(race, features, m, task);
        if (entry->active && race_mean(entry) > here &&
            race_family(race, m) == race_family(race, method))
            return false;
    }
    return true;
}

void race_drop_hopeless(struct race *race, size_t features, size_t task) {
    double best = -1, sum;
    size_t judged = 0;
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *entry = race_entry(race, features, m, task);
        if (entry->active && race_mean(entry) > best) {
            best = race_mean(entry);
            judged = told(entry, entry->folds, &sum);
        }
    }
    if (judged == 0)
        return;
    double error = difference_error(race, task, best, judged);
    for (size_t m = 0; m < race->method_count; m++) {
        struct race_entry *entry = race_entry(race, features, m, task);
        double behind = (best - race_mean(entry)) / error;
        bool may_blend = (judged > 1 || behind <= HOPELESS_IN_BLEND) &&
                         leads_family(race, features, m, task);
        entry->active = entry->active && (behind <= HOPELESS || may_blend);
    }
}

void race_drop_beaten(struct race *race, size_t features, size_t than,
                      size_t task) {
    for (size_t m = 0; m < race->method_count; m++)
        if (!race_entry(race, than, m, task)->active)
            race_entry(race, features, m, task)->active = false;
}

/* How many methods of a task see another fold after so many. */
static size_t runners_after(size_t folds) {
    size_t most = RUNNERS;
    while (folds-- > 1 && most > LAST_RUNNERS)
        most = (most + 1) / 2;
    return most;
}

void race_keep_runners(struct race *race, size_t features, size_t task) {
    double means[SEARCH_METHODS], sum;
    size_t folds = 0;
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *entry = race_entry(race, features, m, task);
        means[m] = entry->active ? race_mean(entry) : -1;
        if (entry->active && told(entry, entry->folds, &sum) > folds)
            folds = told(entry, entry->folds, &sum);
    }
    if (folds == 0)
        return;
    size_t most = runners_after(folds);
    for (size_t m = 0; m < race->method_count; m++) {
        size_t ahead = 0, of_its_family = 0;
        for (size_t n = 0; n < race->method_count; n++)
            if (means[n] > means[m] || (means[n] == means[m] && n < m)) {
                ahead++;
                of_its_family += race_family(race, n) == race_family(race, m);
            }
        if (ahead >= most && of_its_family > 0)
            race_entry(race, features, m, task)->active = false;
    }
}

size_t race_left(const struct race *race, size_t features) {
    size_t left = 0;
    for (size_t t = 0; t < race->tasks; t++) {
        size_t active = 0;
        for (size_t m = 0; m < race->method_count; m++) {
            const struct race_entry *entry = race_entry(race, features, m, t);
            active += entry->active;
            left += entry->active && entry->folds == 0;
        }
        for (size_t f = 1; f < race->folds; f++) {
            size_t most = runners_after(f);
            left += active < most ? active : most;
        }
    }
    return left;
}

size_t race_active(const struct race *race, size_t features) {
    size_t count = 0;
    for (size_t m = 0; m < race->method_count; m++)
        for (size_t t = 0; t < race->tasks; t++)
            count += race_entry(race, features, m, t)->active;
    return count;
}
