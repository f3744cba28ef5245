/* What a search has seen so far: the figures of every setting on every fold,
 * which settings are out of the race, and which lead it.
 *
 * Folds say how well a setting does on text like the corpus. Of costs that are
 * much the same there the lowest, the plainest model, often holds up better on
 * other text; a leeway settles for it. Source: Kuhn, "Building predictive
 * models in R using the caret package", Journal of Statistical Software 28,
 * 2008 (selection by tolerance).
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
/* Sets of features that see other folds, at most. */
enum { FINALISTS = 3 };

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

static double mean_of_first(const struct race_entry *entry, size_t folds) {
    double sum;
    size_t count = told(entry, folds, &sum);
    return count ? sum / (double)count : folds ? 0 : -1;
}

double race_mean(const struct race_entry *entry) {
    return mean_of_first(entry, entry->folds);
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

/* Methods of one kind, all with ratios or all without: those of two families
 * may err differently enough for a blend of them to pay. */
enum { FAMILIES = 2 * MODEL_KINDS };
static size_t family_of(const struct race *race, size_t method) {
    return 2 * (size_t)race->methods[method].kind +
           race->methods[method].ratios;
}

static bool leads_family(const struct race *race, size_t features,
                         size_t method, size_t task) {
    double here = race_mean(race_entry(race, features, method, task));
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *entry = race_entry(race, features, m, task);
        if (entry->active && family_of(race, m) == family_of(race, method) &&
            race_mean(entry) > here)
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

size_t race_favourite(const struct race *race, size_t features, size_t task) {
    size_t favourite = SIZE_MAX;
    double highest = -1;
    for (size_t i = 0; i < features; i++)
        for (size_t m = 0; m < race->method_count; m++) {
            double here = race_mean(race_entry(race, i, m, task));
            if (here > highest) {
                favourite = m;
                highest = here;
            }
        }
    return favourite;
}

/* The sum over the tasks of the favourites' figures on set i; false: not all
 * are judged there. */
static bool sum_of_favourites(const struct race *race, size_t i,
                              const size_t *favourites, double *sum) {
    *sum = 0;
    for (size_t t = 0; t < race->tasks; t++) {
        const struct race_entry *entry = race_entry(race, i, favourites[t], t);
        if (entry->folds == 0)
            return false;
        *sum += race_mean(entry);
    }
    return true;
}

bool race_drop_unpromising(struct race *race, size_t features) {
    size_t *favourites = memory_new(race->tasks, sizeof *favourites);
    double here, there, best = -1, error = 0;
    bool comparable = favourites;
    for (size_t t = 0; comparable && t < race->tasks; t++) {
        favourites[t] = race_favourite(race, features, t);
        comparable = favourites[t] != SIZE_MAX;
    }
    comparable =
        comparable && sum_of_favourites(race, features, favourites, &here);
    for (size_t i = 0; comparable && i < features; i++)
        if (sum_of_favourites(race, i, favourites, &there) && there > best)
            best = there;
    comparable = comparable && best >= 0;
    /* the errors are added: the tasks are judged on the same rows */
    for (size_t t = 0; comparable && t < race->tasks; t++)
        error += difference_error(race, t, best / (double)race->tasks, 1);
    if (comparable && best - here > HOPELESS * error)
        for (size_t m = 0; m < race->method_count; m++)
            for (size_t t = 0; t < race->tasks; t++)
                race_entry(race, features, m, t)->active = false;
    bool good = favourites;
    memory_free(favourites);
    return good;
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
                of_its_family += family_of(race, n) == family_of(race, m);
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

/* ---- who leads --------------------------------------------------------------- */
/* The best method of a task on a set of features, of one family or of any
 * (FAMILIES); SIZE_MAX: none is judged. More folds come first: figures of few
 * folds are lucky more often. */
static size_t best_of_family(const struct race *race, size_t features,
                             size_t task, size_t family) {
    size_t best = SIZE_MAX;
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *here = race_entry(race, features, m, task);
        if (here->folds == 0 ||
            (family != FAMILIES && family_of(race, m) != family))
            continue;
        const struct race_entry *there =
            best == SIZE_MAX ? NULL : race_entry(race, features, best, task);
        if (!there || here->folds > there->folds ||
            (here->folds == there->folds &&
             race_mean(here) > race_mean(there)))
            best = m;
    }
    return best;
}

size_t race_best_method(const struct race *race, size_t features,
                        size_t task) {
    return best_of_family(race, features, task, FAMILIES);
}

static bool saw_all(const struct race *race, size_t features, size_t method,
                    size_t task) {
    return race_entry(race, features, method, task)->folds == race->folds;
}

/* Whether method m is n at a lower cost. */
static bool is_plainer(const struct race *race, size_t m, size_t n) {
    return family_of(race, m) == family_of(race, n) &&
           race->methods[m].cost < race->methods[n].cost;
}

void race_enter_lower_costs(struct race *race, size_t features, size_t task) {
    for (size_t m = 0; m < race->method_count; m++) {
        bool enters = false;
        for (size_t family = 0; family < FAMILIES; family++) {
            size_t best = best_of_family(race, features, task, family);
            enters = enters || (best != SIZE_MAX &&
                                saw_all(race, features, best, task) &&
                                !saw_all(race, features, m, task) &&
                                is_plainer(race, m, best));
        }
        race_entry(race, features, m, task)->active = enters;
    }
}

/* The next lower cost of a method; SIZE_MAX: there is none. */
static size_t next_plainer(const struct race *race, size_t method) {
    size_t next = SIZE_MAX;
    for (size_t m = 0; m < race->method_count; m++)
        if (is_plainer(race, m, method) &&
            (next == SIZE_MAX || is_plainer(race, next, m)))
            next = m;
    return next;
}

/* The lowest cost of a method down to which all keep within the leeway. */
static size_t plainest(const struct race *race, size_t features, size_t method,
                       size_t task) {
    double least = race_mean(race_entry(race, features, method, task)) *
                   (1 - race->leeway);
    size_t plain = method, next = next_plainer(race, method);
    while (next != SIZE_MAX && saw_all(race, features, next, task) &&
           race_mean(race_entry(race, features, next, task)) >= least) {
        plain = next;
        next = next_plainer(race, plain);
    }
    return plain;
}

struct task_plan race_plan(const struct race *race, size_t features,
                           size_t task) {
    size_t methods[FAMILIES], count = 0;
    size_t best = race_best_method(race, features, task);
    for (size_t family = 0; family < FAMILIES; family++) {
        size_t m = best_of_family(race, features, task, family);
        if (m == SIZE_MAX)
            continue;
        bool whole = saw_all(race, features, m, task);
        if (whole && race->leeway > 0)
            m = plainest(race, features, m, task);
        else if (!whole && m != best)
            continue;
        /* the leeway may have turned them round: without a blend the first one
         * stays */
        double here = race_mean(race_entry(race, features, m, task));
        size_t place = count++;
        for (; place > 0; place--) {
            size_t before = methods[place - 1];
            if (race_mean(race_entry(race, features, before, task)) >= here)
                break;
            methods[place] = before;
        }
        methods[place] = m;
    }
    struct task_plan plan = {0};
    for (size_t i = 0; i < count; i++)
        plan.methods[plan.method_count++] = race->methods[methods[i]];
    return plan;
}

double race_merit(const struct race *race, size_t features, size_t *folds) {
    double sum = 0;
    *folds = 0;
    for (size_t t = 0; t < race->tasks; t++) {
        size_t m = race_best_method(race, features, t);
        if (m == SIZE_MAX)
            return -1;
        const struct race_entry *entry = race_entry(race, features, m, t);
        sum += race_mean(entry);
        *folds += entry->folds;
    }
    return sum / (double)race->tasks;
}

/* The best figure of a task on the first folds; -1: none saw them. */
static double best_of_first(const struct race *race, size_t features,
                            size_t task, size_t folds) {
    double best = -1;
    for (size_t m = 0; m < race->method_count; m++) {
        const struct race_entry *entry = race_entry(race, features, m, task);
        if (entry->folds >= folds && mean_of_first(entry, folds) > best)
            best = mean_of_first(entry, folds);
    }
    return best;
}

bool race_trails(const struct race *race, size_t features, size_t leader,
                 size_t folds) {
    double ahead = 0;
    for (size_t t = 0; t < race->tasks; t++)
        ahead += best_of_first(race, leader, t, folds) -
                 best_of_first(race, features, t, folds);
    return ahead > 0;
}

size_t race_best_features(const struct race *race) {
    size_t best = SIZE_MAX, most = 0;
    double highest = -1;
    for (size_t i = 0; i < race->feature_count; i++) {
        size_t folds;
        double here = race_merit(race, i, &folds);
        if (here < 0)
            continue;
        if (best == SIZE_MAX || folds > most ||
            (folds == most && here > highest)) {
            best = i;
            most = folds;
            highest = here;
        }
    }
    return best;
}

size_t race_finalists(const struct race *race, size_t out[SEARCH_FEATURES]) {
    double merits[SEARCH_FEATURES];
    size_t count = 0, folds;
    for (size_t i = 0; i < race->feature_count; i++) {
        double here = race_merit(race, i, &folds);
        size_t place = count++;
        for (; place > 0 && merits[place - 1] < here; place--) {
            merits[place] = merits[place - 1];
            out[place] = out[place - 1];
        }
        merits[place] = here;
        out[place] = i;
    }
    count = (count + 2) / 3;
    return count < FINALISTS ? count : FINALISTS;
}
